import type { Decision, Row, Sequence, Version } from './decide.ts'
import { compareSequences } from './decide_order.ts'

/**
 * SCD2 holds every state of a key that a read saw, each from its `start` to its `end`.
 *
 * A row is compared with the open version; if it is older, with the version that starts at its sequence. An older row
 * without such a version is put between its neighbours, unless one of them has its content: the one before says the
 * same of that time already, and the one after it is true since it was seen; a second version of the same content beside
 * it would tell of a change that nobody saw. Neighbours are never moved or taken away, but for the end of the one before.
 */
export function decideScd2(versions: readonly Version[], { sequence, content }: Row): Decision {
  const open = versions.find((version) => version.end === null)
  // A row that vanished and came back. The past is over: the new version begins where it ended, or later.
  if (open === undefined) return { kind: 'insert', start: latest([sequence, ...versions.map(({ end }) => end)]) }
  const at = sequence === null ? open : versions.find(({ start }) => compareSequences(start, sequence) === 0)
  if (at !== undefined) return at.content === content ? { kind: 'same' } : { kind: 'replace', of: at }
  const next = versions.find(({ start }) => compareSequences(start, sequence) > 0)
  const before = versions.findLast(({ start }) => compareSequences(start, sequence) < 0)
  // Between a version that vanished and the next one there may be a time without any.
  const of = before !== undefined && lasts(before, sequence) ? before : null
  if (next?.content === content || of?.content === content) return { kind: 'same' }
  return { kind: 'update', start: sequence, end: of === null ? (next?.start ?? null) : of.end, of }
}

/** True while the version holds: `end` is exclusive. */
export function lasts({ end }: Version, at: Sequence): boolean {
  return end === null || compareSequences(end, at) > 0
}

function latest(sequences: readonly Sequence[]): Sequence {
  return sequences.reduce((late, one) => (compareSequences(one, late) > 0 ? one : late), null)
}
