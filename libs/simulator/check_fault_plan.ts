import { type FaultPlan, PAGE_FAULTS, REPLY_FAULTS, WIRE_FAULTS } from './fault_plan.ts'
import { FaultPlanInvalidError } from './fault_plan_invalid_error.ts'

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const whole: Check = (value) => Number.isInteger(value) && (value as number) >= 1
const time: Check = (value) => typeof value === 'number' && value >= 0

const RULE_MEMBERS: Record<string, [Check, string]> = {
  id: [text, 'text'],
  route: [text, 'text'],
  path: [text, 'text'],
  query: [text, 'text'],
  method: [text, 'text'],
  nth: [(value) => [value].flat().every(whole), 'a whole number from 1, or a list of them'],
  every: [whole, 'a whole number from 1'],
  probability: [(value) => typeof value === 'number' && value >= 0 && value <= 1, 'a number from 0 to 1'],
  count: [whole, 'a whole number from 1'],
  from_ms: [time, 'milliseconds'],
  until_ms: [time, 'milliseconds'],
}

/** Members a fault must have, by kind. */
const FAULT_MEMBERS: Record<string, Record<string, [Check, string]>> = {
  status: { status: [(value) => whole(value) && (value as number) >= 200 && (value as number) < 600, 'a status'] },
  redirect: { location: [text, 'an address'] },
  reset: { when: [oneOf('before_headers', 'mid_body'), 'before_headers or mid_body'] },
  stall: { when: [oneOf('before_headers', 'mid_body'), 'before_headers or mid_body'] },
  truncate: { declared: [oneOf('full', 'cut'), 'full or cut'] },
  drip: { chunk_bytes: [whole, 'a whole number from 1'], every_ms: [time, 'milliseconds'] },
  huge: { bytes: [whole, 'a whole number from 1'] },
  overlap: { rows: [whole, 'a whole number from 1'] },
  foreign_link: { origin: [text, 'an origin'] },
  raw_row: { json: [text, 'JSON text'] },
}

/** @throws FaultPlanInvalidError that names the place */
export function checkFaultPlan(plan: unknown): asserts plan is FaultPlan {
  const rules = (plan as Partial<FaultPlan> | null)?.rules
  if (!Array.isArray(rules)) throw new FaultPlanInvalidError('rules', 'a list of rules is expected')
  for (const [index, rule] of rules.entries()) checkRule(rule, `rules[${index}]`)
}

function checkRule(rule: unknown, where: string): void {
  if (typeof rule !== 'object' || rule === null) throw new FaultPlanInvalidError(where, 'an object is expected')
  for (const [name, value] of Object.entries(rule)) {
    if (name === 'fault') continue
    const member = RULE_MEMBERS[name]
    if (!member)
      throw new FaultPlanInvalidError(`${where}.${name}`, `known are ${Object.keys(RULE_MEMBERS).join(', ')}, fault`)
    if (value !== undefined && !member[0](value))
      throw new FaultPlanInvalidError(`${where}.${name}`, `${member[1]} is expected`)
  }
  checkFault((rule as { fault?: unknown }).fault, `${where}.fault`)
}

function checkFault(fault: unknown, where: string): void {
  const kinds: readonly string[] = [...REPLY_FAULTS, ...WIRE_FAULTS, ...PAGE_FAULTS]
  const kind = (fault as { kind?: unknown } | undefined)?.kind
  if (typeof kind !== 'string' || !kinds.includes(kind)) {
    throw new FaultPlanInvalidError(`${where}.kind`, `one of ${kinds.join(', ')} is expected`)
  }
  for (const [name, [check, expected]] of Object.entries(FAULT_MEMBERS[kind] ?? {})) {
    if (!check((fault as Record<string, unknown>)[name])) {
      throw new FaultPlanInvalidError(`${where}.${name}`, `${expected} is expected`)
    }
  }
}

function oneOf(...texts: string[]): Check {
  return (value) => texts.includes(value as string)
}
