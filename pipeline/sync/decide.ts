/** One version of a row as a destination holds it. Times and sequences only need an order: bigint µs, ms, a number. */
export interface Version {
  sequence: bigint | number | null
  /** `_content_hash` of the row. */
  content: string
}

/** What to do with a new row of a key. */
export type Decision =
  /** The key is new here, or has no current version. */
  | 'insert'
  /** Another content with a later sequence. */
  | 'update'
  /** Another content with the same sequence, or without one: takes the place of that version. */
  | 'replace'
  /** The same content: nothing to write. */
  | 'same'
  /** An older state than the one held. */
  | 'late'

/**
 * SCD1: what a new row does to the one version that is held of its key.
 * This function is the specification; the SQL of each destination is written from it and tested against it.
 */
export function decide(held: Version | null, row: Version): Decision {
  if (held === null) return 'insert'
  if (held.content === row.content) return 'same'
  if (held.sequence === null || row.sequence === null) return 'replace'
  if (row.sequence > held.sequence) return 'update'
  return row.sequence === held.sequence ? 'replace' : 'late'
}

/**
 * Folds the rows of one key that arrived together into the one that counts: the order is (sequence, read order),
 * rows without a sequence first. No statement of a destination ever sees two rows of a key.
 */
export function fold<V extends Version>(rows: readonly V[]): V | null {
  let winner: V | null = null
  for (const row of rows) if (winner === null || !isBefore(row, winner)) winner = row
  return winner
}

/** True when `a` is ordered before `b` by sequence; equal ones keep their read order. */
function isBefore(a: Version, b: Version): boolean {
  if (a.sequence === null) return b.sequence !== null
  return b.sequence !== null && a.sequence < b.sequence
}
