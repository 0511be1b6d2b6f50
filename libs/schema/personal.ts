import type { ColumnType } from './types.ts'

/** What of a value is personal. Nothing said: all of it. */
export interface PersonalRule {
  /** Text, also in JSON: only the first capture group of each match. */
  readonly inside?: RegExp | readonly RegExp[]
  /** JSON, also as the text of a text column: the texts and numbers under one of these keys, at any depth. */
  readonly keys?: readonly string[]
  /** JSON: members that are left out at any depth, with all that is in them. */
  readonly omit?: readonly string[]
  /**
   * Not where all of these members have these values: of a text those beside it, of JSON those beside the key. Without
   * them it is personal, so that an odd value hides too much and not too little.
   */
  readonly unless?: Readonly<Record<string, string | number | boolean>>
  /** What a capture means before it is hashed, such as `&amp;` in HTML. Pure. */
  readonly unescape?: (found: string) => string
}

/** @throws TypeError for a rule that would let values pass */
export function checkPersonal(kind: ColumnType['kind'], rule: PersonalRule): PersonalRule {
  const { inside, keys, omit, unless } = rule
  if (kind !== 'text' && kind !== 'json') throw new TypeError(`Only text and JSON can be personal, not ${kind}.`)
  const saysNothing = inside === undefined && keys === undefined && omit === undefined
  if (keys?.length === 0 || omit?.length === 0 || (kind === 'json' && saysNothing))
    throw new TypeError('Personal JSON needs the keys that hold ids and names.')
  if (kind === 'text' && omit !== undefined && keys === undefined)
    throw new TypeError('Members can be left out of a text only where it holds JSON: it needs keys.')
  if (unless !== undefined && (Object.keys(unless).length === 0 || (kind === 'text' && keys !== undefined)))
    throw new TypeError(
      'The members of `unless` stand beside a text, or in JSON: of a text with keys it would be both.',
    )
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

/** An object whose members say that what stands in it is not personal. */
export function isExempt({ unless }: PersonalRule, owner: object): boolean {
  if (unless === undefined) return false
  return Object.entries(unless).every(
    ([name, value]) => Object.hasOwn(owner, name) && (owner as Record<string, unknown>)[name] === value,
  )
}
