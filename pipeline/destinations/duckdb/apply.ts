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
 * @param full rows that are held as they are get the columns that their hash does not cover
 */
export async function applyStaged(db: DuckDBConnection, target: Target, full: boolean): Promise<TableChanges> {
  const written = await writeStaged(db, target)
  return { ...written, deleted: 0, refilled: full ? await refill(db, target) : 0 }
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
