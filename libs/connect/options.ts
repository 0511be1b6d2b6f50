import { parseDuration } from './duration.ts'
import { parseInstant } from './instant.ts'
import { OptionInvalidError } from './option_invalid_error.ts'
import { OptionMissingError } from './option_missing_error.ts'
import { checkRelations } from './option_relations.ts'
import { OptionUnknownError } from './option_unknown_error.ts'

/** Declared once per source: checked, documented, written to `connector_spec.yaml`, and the allow-list of Databricks follows. */
export interface OptionSpec {
  /** `duration` resolves to seconds, from a whole number of them or from `90s`, `15m`, `6h`, `7d`. */
  type: 'text' | 'integer' | 'boolean' | 'instant' | 'duration' | 'list' | 'origin' | 'choice'
  /** `connection`: credentials and addresses; `table`: how a table is read. */
  scope: 'connection' | 'table'
  description: string
  default?: string | number | boolean
  example?: string
  required?: boolean
  secret?: boolean
  min?: number
  max?: number
  choices?: readonly string[]
  /** What a text, or each one of a list, has to be: a pattern for the whole of it, and the same in words. */
  shape?: { matches: RegExp; is: string }
  /** An instant that a read begins at; it must lie before that of this other option. */
  before?: string
  /** Means something only beside exactly one value of this other option, which is a list. */
  withOne?: string
  /** An environment variable that sets a table option on the command line, where the spec does not. */
  environment?: string
  /** If true, this other option must be given. */
  needs?: string
  /** Characters that a text must have at least. */
  minLength?: number
  /** Accepted for other connectors' specs, does nothing, and says so with this sentence. */
  ignored?: string
}

export type OptionSet = Readonly<Record<string, OptionSpec>>
export type OptionValue = string | number | boolean | string[] | undefined

/** Options after checking: every declared name is present, with its default or `undefined`. */
export type ResolvedOptions = Readonly<Record<string, OptionValue>>

export interface ResolveRules {
  scope: 'connection' | 'table'
  /** What to do with a name that is not declared: Spark injects its own beside ours. */
  unknown: 'error' | 'ignore'
  onIgnored?: (name: string, sentence: string) => void
  /** Declared names that were given with a value that does not fit, and so left out. */
  broken?: ReadonlySet<string>
}

/**
 * Checks raw options (any case, usually strings) against their declaration.
 * @throws OptionUnknownError, OptionMissingError, OptionInvalidError
 */
export function resolveOptions(
  declared: OptionSet,
  raw: Readonly<Record<string, unknown>>,
  rules: ResolveRules,
): ResolvedOptions {
  const names = Object.keys(declared).filter((name) => declared[name]!.scope === rules.scope)
  const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]))
  const given = new Map<string, unknown>()
  for (const [key, value] of Object.entries(raw)) {
    const name = byLowerCase.get(key.toLowerCase())
    if (name !== undefined) given.set(name, value)
    else if (rules.unknown === 'error') throw new OptionUnknownError(key, names)
  }
  const resolved: Record<string, OptionValue> = {}
  for (const name of names) {
    const spec = declared[name]!
    const value = given.get(name)
    if (isUnset(value)) {
      if (spec.required) throw new OptionMissingError(name, spec)
      resolved[name] = spec.default
    } else if (spec.ignored !== undefined) {
      rules.onIgnored?.(name, spec.ignored)
    } else {
      resolved[name] = parseOption(name, spec, value)
    }
  }
  checkRelations(declared, resolved, rules.broken)
  return resolved
}

/** Spark and Databricks write Python's `None` for an option that was not set. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === 'None'
}

function parseOption(name: string, spec: OptionSpec, value: unknown): OptionValue {
  switch (spec.type) {
    case 'boolean':
      return parseBoolean(name, spec, value)
    case 'integer':
      return parseInteger(name, spec, value)
    case 'instant':
      return parseTime(name, spec, value)
    case 'duration':
      return parseTimeSpan(name, spec, value)
    case 'list':
      return parseList(name, spec, value)
    case 'origin':
      return parseOrigin(name, spec, value)
    case 'choice':
      if (spec.choices?.includes(String(value))) return String(value)
      throw new OptionInvalidError(name, value, `one of ${spec.choices?.join(', ')}`, spec.scope)
    default:
      return parseText(name, spec, value)
  }
}

function parseText(name: string, spec: OptionSpec, value: unknown): string {
  if (typeof value === 'object') throw new OptionInvalidError(name, value, 'text', spec.scope)
  checkShape(name, spec, value)
  const text = String(value)
  if (text.length >= (spec.minLength ?? 0)) return text
  throw new OptionInvalidError(name, text, `a text of at least ${spec.minLength} characters`, spec.scope)
}

function parseBoolean(name: string, spec: OptionSpec, value: unknown): boolean {
  const text = String(value).toLowerCase()
  if (['true', '1', 'yes'].includes(text)) return true
  if (['false', '0', 'no'].includes(text)) return false
  throw new OptionInvalidError(name, value, 'true or false', spec.scope)
}

function parseInteger(name: string, spec: OptionSpec, value: unknown): number {
  const text = String(value).trim()
  const min = spec.min ?? Number.MIN_SAFE_INTEGER
  const max = spec.max ?? Number.MAX_SAFE_INTEGER
  const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new OptionInvalidError(name, value, `a whole number${describeRange(spec)}`, spec.scope)
}

function parseTimeSpan(name: string, spec: OptionSpec, value: unknown): number {
  const seconds = parseDuration(String(value).trim())
  if (seconds >= (spec.min ?? 0) && seconds <= (spec.max ?? Number.MAX_SAFE_INTEGER)) return seconds
  throw new OptionInvalidError(
    name,
    value,
    `seconds, or a time such as 90s, 15m, 6h or 7d${describeSpan(spec)}`,
    spec.scope,
  )
}

function describeSpan({ max }: OptionSpec): string {
  return max === undefined ? '' : `, of at most ${Math.floor(max / 86_400)}d`
}

function describeRange(spec: OptionSpec): string {
  if (spec.min !== undefined && spec.max !== undefined) return ` from ${spec.min} to ${spec.max}`
  if (spec.min !== undefined) return ` of at least ${spec.min}`
  return spec.max === undefined ? '' : ` of at most ${spec.max}`
}

/** ISO 8601 with a zone, or a bare date that means midnight UTC. Answers milliseconds. */
function parseTime(name: string, spec: OptionSpec, value: unknown): number {
  // YAML turns an unquoted date into a Date.
  const text = value instanceof Date ? value.toISOString() : String(value).trim()
  const withZone = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const instant = withZone ? parseInstant(text) : Number.NaN
  if (Number.isFinite(instant)) return instant
  throw new OptionInvalidError(
    name,
    value,
    'a date (2026-01-31) or a time with a zone (2026-01-31T08:00:00Z)',
    spec.scope,
  )
}

/** A JSON list of text, or one text with commas. */
function parseList(name: string, spec: OptionSpec, value: unknown): string[] {
  let items: unknown = value
  if (typeof value === 'string')
    items = value.trim().startsWith('[') ? parseJsonList(name, spec, value) : value.split(',')
  if (!Array.isArray(items)) items = [items]
  const texts = (items as unknown[]).map((item) => String(item).trim()).filter((item) => item !== '')
  if (texts.length === 0) throw new OptionInvalidError(name, value, 'at least one value', spec.scope)
  for (const item of items as unknown[]) checkShape(name, spec, item)
  return texts
}

/** A long number that YAML or JSON has read is not the one that was written any more. */
function checkShape(name: string, spec: OptionSpec, item: unknown): void {
  if (typeof item === 'number' && !Number.isSafeInteger(item)) {
    const said = 'as a number it would lose its last digits'
    throw new OptionInvalidError(name, item, 'written in quotes', spec.scope, { said })
  }
  const { shape, secret } = spec
  const text = String(item).trim()
  if (shape === undefined || text === '' || shape.matches.test(text)) return
  const said = secret === true ? undefined : `it is ${JSON.stringify(text.slice(0, 40))}`
  throw new OptionInvalidError(name, item, shape.is, spec.scope, said === undefined ? {} : { said })
}

function parseJsonList(name: string, spec: OptionSpec, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new OptionInvalidError(name, text, 'a JSON list or values with commas between them', spec.scope)
  }
}

/** An origin without path; plain http only for loopback addresses. */
function parseOrigin(name: string, spec: OptionSpec, value: unknown): string {
  let url: URL
  try {
    url = new URL(String(value))
  } catch {
    const example = spec.example ?? spec.default ?? 'https://example.com'
    throw new OptionInvalidError(name, value, `an origin such as ${example}`, spec.scope)
  }
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new OptionInvalidError(name, value, 'an https origin (plain http is for loopback addresses only)', spec.scope)
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new OptionInvalidError(name, value, 'an origin without path, version or credentials', spec.scope)
  }
  return url.origin
}
