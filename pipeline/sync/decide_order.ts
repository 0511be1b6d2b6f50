import type { Sequence } from './decide.ts'

/** Negative: `a` comes before `b`. No sequence comes before every other. Both are of one type. */
export function compareSequences(a: Sequence, b: Sequence): number {
  if (a === b) return 0
  if (a === null) return -1
  return b === null || a > b ? 1 : -1
}
