import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableChanges } from '../destination.ts'
import { applyAppend } from './apply_append.ts'
import { applyScd1 } from './apply_scd1.ts'
import { applyScd2 } from './apply_scd2.ts'
import { refill } from './refill.ts'
import type { Target } from './target.ts'

/**
 * Applies the staged rows of a unit: `applyRows` of pipeline/sync/decide_unit.ts as SQL.
 * Each way decides into a temporary table of its own and writes from it: no statement reads what it writes (a MERGE
 * whose source mentions the target loses rows without an error), and what was written must count what was decided.
 *
 * @param how.fills rows that are held as they are get the columns that their hash does not cover
 * @param how.deleted so many of the staged rows mark others as deleted
 */
export async function applyStaged(
  db: DuckDBConnection,
  target: Target,
  { fills, deleted }: { fills: boolean; deleted: number },
): Promise<TableChanges> {
  const written = await writeStaged(db, target)
  // Each mark is a change of a row held, and counted as what it says.
  const marks = target.scdType === 'APPEND_ONLY' ? 'inserted' : 'updated'
  const counts = { ...written, [marks]: written[marks] - deleted }
  return { ...counts, deleted, refilled: fills ? await refill(db, target) : 0 }
}

function writeStaged(db: DuckDBConnection, target: Target): Promise<{ inserted: number; updated: number }> {
  switch (target.scdType) {
    case 'SCD_TYPE_1':
      return applyScd1(db, target)
    case 'SCD_TYPE_2':
      return applyScd2(db, target)
    case 'APPEND_ONLY':
      return applyAppend(db, target)
  }
}
