import type { CommitUnit } from '../destinations/destination.ts'

/** A unit is stored when it reaches one of these. DESIGN §7. */
export interface UnitBounds {
  rows: number
  bytes: number
  milliseconds: number
}

export const UNIT_BOUNDS: UnitBounds = { rows: 20_000, bytes: 32 * 1024 * 1024, milliseconds: 2_000 }

/** What a page, or the end of a partition, adds to a unit. */
export type UnitPart = Partial<CommitUnit>

export function emptyUnit(): CommitUnit {
  return { batches: [], cursors: [], coverage: [], listed: [], scanned: [], superseded: [], gone: [], quarantined: [] }
}

/** Rows and bytes of a part, for the bounds. */
export function sizeOf(part: UnitPart): { rows: number; bytes: number } {
  let rows = part.quarantined?.length ?? 0
  let bytes = 0
  for (const { batch } of part.batches ?? []) {
    rows += batch.numRows
    bytes += batch.data.byteLength
  }
  return { rows, bytes }
}
