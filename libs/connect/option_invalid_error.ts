import { ParleyError } from './error.ts'
import type { OptionSpec } from './options.ts'

/** An option's value does not parse or is out of range. */
export class OptionInvalidError extends ParleyError {
  readonly code = 'PARLEY_OPTION_INVALID'
  readonly kind: 'usage' | 'configuration'

  /** @param words in place of what is said of the value, and of the remedy */
  constructor(
    name: string,
    value: unknown,
    expected: string,
    scope: OptionSpec['scope'] = 'table',
    words: { said?: string; remedy?: string } = {},
  ) {
    // A value stays out of the message, but for a number or a time: it may be a secret in the wrong place.
    super(`Option ${name} must be ${expected}; ${words.said ?? `it is ${describe(value)}`}.`, {
      remedy: words.remedy ?? `Set ${name} to ${expected}.`,
      details: { option: name },
    })
    this.kind = scope === 'table' ? 'usage' : 'configuration'
  }
}

/** Digits, and what stands between those of a time. */
const HARMLESS = /^[-+\d.:TZ]{1,24}$/

function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string' && HARMLESS.test(value)) return `"${value}"`
  return typeof value === 'string'
    ? `a text of ${value.length} character${value.length === 1 ? '' : 's'}`
    : `a ${typeof value}`
}
