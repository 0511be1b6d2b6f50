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

/** Adds a part; a later cursor or coverage of the same partition takes the place of the earlier one. */
export function addPart(unit: CommitUnit, part: UnitPart): void {
  unit.batches.push(...(part.batches ?? []))
  unit.listed.push(...(part.listed ?? []))
  unit.scanned.push(...(part.scanned ?? []))
  unit.superseded.push(...(part.superseded ?? []))
  unit.gone.push(...(part.gone ?? []))
  unit.quarantined.push(...(part.quarantined ?? []))
  for (const cursor of part.cursors ?? []) unit.cursors = replaceLast(unit.cursors, cursor)
  for (const old of part.superseded ?? []) unit.coverage = unit.coverage.filter((line) => !isSame(line, old))
  for (const line of part.coverage ?? []) unit.coverage = replaceLast(unit.coverage, line)
}

interface OfPartition {
  job: string
  partition: string
}

const isSame = (a: OfPartition, b: OfPartition) => a.job === b.job && a.partition === b.partition

function replaceLast<T extends OfPartition>(list: T[], item: T): T[] {
  // From the end: the partition that moved last is the one most likely to move again.
  const index = list.findLastIndex((one) => isSame(one, item))
  if (index >= 0) list[index] = item
  else list.push(item)
  return list
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
