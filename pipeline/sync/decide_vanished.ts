import type { ScdType } from '../spec/types.ts'
import type { Version } from './decide.ts'

/**
 * What is left of a key of a snapshot that a whole listing lacks, or that only a partition showed that is gone.
 * SCD1: nothing. SCD2: its open version ends at `at`, the time of the generation that lacks it. Append: every content
 * that was ever seen stays, for that is what the table holds.
 *
 * @param at epoch ms. A version that began then or later was seen by another partition's younger listing: it lasts the
 * shortest time there is, so that no version ends before it began.
 */
export function vanish(versions: readonly Version[], at: number, scdType: ScdType): Version[] {
  if (scdType === 'SCD_TYPE_1') return []
  if (scdType === 'APPEND_ONLY') return [...versions]
  return versions.map((version) =>
    version.end === null ? { ...version, end: Math.max(at, Number(version.start) + 1) } : version,
  )
}
