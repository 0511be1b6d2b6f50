import { deepJsonText } from './deep_json_text.ts'

/** Text that may differ from its original, which then belongs into `_rescued_data`. */
export interface PreparedText {
  text: string
  replaced: boolean
}

/** U+0000 and lone surrogates as U+FFFD: neither PostgreSQL's text nor UTF-8 can hold them. */
export function replaceCharacters(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

/**
 * JSON text of any JSON value, however deep. A bigint is written as the number it is; a number that is not finite, which
 * JSON cannot say, as text.
 */
export function jsonText(value: unknown): string {
  try {
    const text = JSON.stringify(value) ?? 'null'
    // `1e999` parses to Infinity, of which stringify makes null without a word.
    return text.includes('null') && hasNonFinite(value) ? deepJsonText(value) : text
  } catch (error) {
    // Engines parse JSON of any depth but stringify by recursion; and bigint throws.
    if (error instanceof RangeError || error instanceof TypeError) return deepJsonText(value)
    throw error
  }
}

/**
 * The text of a `json()` column, with the rule for characters applied inside strings and keys. In JSON text
 * the characters stand as escapes, where they would come back to life when a destination parses it.
 */
export function jsonColumnText(value: unknown): PreparedText {
  const text = jsonText(value)
  if (!text.includes('\\u')) return { text, replaced: false }
  // Two characters at a time, so that an escaped backslash before a `u` is not taken for an escape.
  const clean = text.replace(/\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g, (found) => (found.length > 2 ? '\uFFFD' : found))
  return { text: clean, replaced: clean !== text }
}

function hasNonFinite(value: unknown): boolean {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'number') {
      if (!Number.isFinite(next)) return true
    } else if (typeof next === 'object' && next !== null) {
      for (const child of Object.values(next)) open.push(child)
    }
  }
  return false
}
