import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Exchange } from '../../../libs/simulator/exchange.ts'
import type { ModifiedRange } from './export_list.ts'

const OPTIONS = [
  'apply',
  'compute',
  'count',
  'expand',
  'filter',
  'format',
  'orderby',
  'search',
  'select',
  'skip',
  'skiptoken',
  'deltatoken',
  'top',
]

/** An OData option, with or without its `$`: Graph takes both. */
export function option(exchange: Exchange, name: string): string | undefined {
  return exchange.query.get(`$${name}`) ?? exchange.query.get(name)
}

/** The message of the 400 for the first option that the call does not take; undefined where all are known. */
export function unsupportedOption(exchange: Exchange, allowed: readonly string[]): string | undefined {
  if (exchange.query.malformed) return 'The query string is malformed.'
  for (const raw of exchange.query.names()) {
    const name = raw.replace(/^\$/, '')
    if (raw.startsWith('$') ? allowed.includes(name) : allowed.includes(name) || !OPTIONS.includes(name)) continue
    return name === 'filter' ? 'Invalid filter clause' : `Query option '${name}' is not allowed.`
  }
  return undefined
}

/** `$top`, or an error text where it is not a whole number from 1 to `max`. */
export function readTop(exchange: Exchange, fallback: number, max: number): number | string {
  const text = option(exchange, 'top')
  if (text === undefined) return fallback
  if (!/^\d+$/.test(text) || Number(text) < 1) return `Invalid value '${text}' for $top query option.`
  if (Number(text) > max)
    return `The limit of '${max}' for Top query has been exceeded. The value from the incoming request is '${text}'.`
  return Number(text)
}

/** `lastModifiedDateTime gt X`, `… lt Y`, or both with `and`, in any order; undefined for anything else. */
export function parseModifiedRange(filter: string | undefined): ModifiedRange | undefined {
  const range: ModifiedRange = { after: Number.NEGATIVE_INFINITY, before: Number.POSITIVE_INFINITY }
  if (filter === undefined) return range
  const seen = new Set<string>()
  for (const clause of filter.trim().split(/\s+and\s+/i)) {
    const match = /^lastModifiedDateTime\s+(gt|lt)\s+(\S+)$/.exec(clause)
    const instant = match ? parseInstant(match[2]!) : undefined
    if (!match || instant === undefined || seen.has(match[1]!)) return undefined
    seen.add(match[1]!)
    if (match[1] === 'gt') range.after = instant
    else range.before = instant
  }
  return range
}

/** An OData date-time with a zone; fractions finer than a millisecond count. */
function parseInstant(text: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(\.\d{1,12})?(Z|[+-]\d\d:\d\d)$/i.exec(text)
  if (!match) return undefined
  const whole = Date.parse(`${match[1]!.length === 16 ? `${match[1]}:00` : match[1]}${match[3]}`)
  return Number.isFinite(whole) ? whole + Number(match[2] ?? 0) * 1000 : undefined
}

/** `$select` as a projection; unknown names are left out, annotations stay. Undefined without `$select`. */
export function selected(exchange: Exchange): string[] | undefined {
  const names = option(exchange, 'select')
    ?.split(',')
    .map((name) => name.trim())
  return names?.filter((name) => name !== '')
}

export function project(row: JsonObject, names: readonly string[] | undefined): JsonObject {
  if (!names) return row
  return Object.fromEntries(Object.entries(row).filter(([name]) => name.startsWith('@') || names.includes(name)))
}

/** `displayName eq 'x'` or `startswith(displayName,'x')`, also of the other given text members; joined with `or`. */
export function parseTextFilter(
  filter: string,
  members: readonly string[],
): ((row: JsonObject) => boolean) | undefined {
  const inner = filter.trim().replace(/^\((.*)\)$/, '$1')
  const tests: ((row: JsonObject) => boolean)[] = []
  for (const clause of inner.split(/\s+or\s+/i)) {
    const equal = /^(?:microsoft\.graph\.aadUserConversationMember\/)?(\w+)\s+eq\s+'((?:[^']|'')*)'$/.exec(
      clause.trim(),
    )
    const starts = /^startswith\((\w+),\s*'((?:[^']|'')*)'\)$/i.exec(clause.trim())
    const match = equal ?? starts
    if (!match || !members.includes(match[1]!)) return undefined
    const text = match[2]!.replaceAll("''", "'").toLowerCase()
    const name = match[1]!
    tests.push((row) => {
      const value = String(row[name] ?? '').toLowerCase()
      return equal ? value === text : value.startsWith(text)
    })
  }
  return (row) => tests.some((test) => test(row))
}
