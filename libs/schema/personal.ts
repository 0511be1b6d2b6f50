import type { ColumnType } from './types.ts'

/** What of a value is personal. Nothing said: all of it. */
export interface PersonalRule {
  /** Text: only the first capture group of each match. */
  readonly inside?: RegExp | readonly RegExp[]
  /** JSON, also as the text of a text column: the texts and numbers under one of these keys, at any depth. */
  readonly keys?: readonly string[]
  /** What a capture means before it is hashed, such as `&amp;` in HTML. Pure. */
  readonly unescape?: (found: string) => string
}

/** @throws TypeError for a rule that would let values pass */
export function checkPersonal(kind: ColumnType['kind'], rule: PersonalRule): PersonalRule {
  if (kind !== 'text' && kind !== 'json') throw new TypeError(`Only text and JSON can be personal, not ${kind}.`)
  if (rule.keys?.length === 0 || (kind === 'json' && rule.keys === undefined))
    throw new TypeError('Personal JSON needs the keys that hold ids and names.')
  for (const pattern of patternsOf(rule)) {
    const groups = new RegExp(`${pattern.source}|`, pattern.flags.replace(/[gy]/g, '')).exec('')!.length - 1
    if (!pattern.global || groups < 1) throw new TypeError(`${pattern} must have the flag g and a capture group.`)
  }
  return rule
}

/** The patterns of a rule as a list. */
export function patternsOf({ inside }: PersonalRule): readonly RegExp[] {
  if (inside === undefined) return []
  return inside instanceof RegExp ? [inside] : inside
}
