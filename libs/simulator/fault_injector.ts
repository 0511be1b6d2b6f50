import type { Instant } from '../connect/instant.ts'
import { checkFaultPlan } from './check_fault_plan.ts'
import type { Exchange } from './exchange.ts'
import type { Fault, FaultPlan, FaultRule } from './fault_plan.ts'
import { type Random, seededRandom } from './random.ts'

interface RuleState {
  rule: FaultRule
  path: RegExp | undefined
  matched: number
  fired: number
}

/** Decides, request by request, which fault of a plan happens. */
export class FaultInjector {
  #rules: RuleState[] = []
  #random: Random
  #startedAt: Instant

  /** @throws FaultPlanInvalidError */
  constructor(plan: FaultPlan | null | undefined, seed: number, startedAt: Instant) {
    if (plan) checkFaultPlan(plan)
    this.#random = seededRandom(plan?.seed ?? seed)
    this.#startedAt = startedAt
    this.#rules = (plan?.rules ?? []).map((rule) => ({
      rule,
      path: rule.path ? globPattern(rule.path) : undefined,
      matched: 0,
      fired: 0,
    }))
  }

  /** The fault of this request, with its name for statistics. */
  next(exchange: Exchange, route: string): { fault: Fault; id: string } | undefined {
    for (const state of this.#rules) {
      if (!this.#matches(state, exchange, route)) continue
      state.matched++
      if (!this.#fires(state)) continue
      state.fired++
      return { fault: state.rule.fault, id: state.rule.id ?? state.rule.fault.kind }
    }
    return undefined
  }

  #matches({ rule, path }: RuleState, exchange: Exchange, route: string): boolean {
    const elapsed = exchange.at - this.#startedAt
    if (rule.route !== undefined && rule.route !== route) return false
    if (rule.method !== undefined && rule.method.toUpperCase() !== exchange.method) return false
    if (path && !path.test(exchange.path)) return false
    if (rule.query !== undefined && !exchange.query.raw.includes(rule.query)) return false
    return elapsed >= (rule.from_ms ?? 0) && elapsed <= (rule.until_ms ?? Number.POSITIVE_INFINITY)
  }

  #fires({ rule, matched, fired }: RuleState): boolean {
    if (rule.count !== undefined && fired >= rule.count) return false
    if (rule.nth !== undefined && ![rule.nth].flat().includes(matched)) return false
    if (rule.every !== undefined && matched % rule.every !== 0) return false
    return rule.probability === undefined || this.#random.next() < rule.probability
  }
}

/** `*` within a segment, `**` across segments. */
export function globPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
  return new RegExp(`^${source}$`, 'i')
}
