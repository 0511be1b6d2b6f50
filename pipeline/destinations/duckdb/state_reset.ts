import type { DuckDBConnection } from '@duckdb/node-api'
import { inTransaction } from './state_admin.ts'

/** Code of a partition whose state was reset and that has not been read since. */
const RESET = 'PARLEY_STATE_RESET'

export interface ResetTable {
  table: string
  /** Cursors that were removed. */
  cursors: number
}

/**
 * Forgets how far tables are read, so that the next sync reads them from the beginning. Rows stay. Partitions that
 * rows of a listed table hang on, and those that are gone, stay known: a later run must still be able to find out that one has vanished.
 */
export async function resetTables(
  db: DuckDBConnection,
  connection: string,
  tables: readonly string[],
): Promise<ResetTable[]> {
  return inTransaction(db, async () => {
    const done: ResetTable[] = []
    for (const table of tables) {
      const key = [connection, table]
      const cursors = await db.run('DELETE FROM parley.cursors WHERE connection = $1 AND job = $2', key)
      await db.run(
        `DELETE FROM parley.coverage AS v WHERE connection = $1 AND job = $2 AND state <> 'gone' AND NOT EXISTS
           (FROM parley.snapshot_seen AS s WHERE s.connection = v.connection AND s.job = v.job AND s."partition" = v."partition")`,
        key,
      )
      await db.run(
        `UPDATE parley.coverage SET state = 'behind', synced_until = NULL, missing_since = NULL, code = '${RESET}',
           message = 'Its state was reset; the next sync reads it from the beginning.'
         WHERE connection = $1 AND job = $2 AND state <> 'gone'`,
        key,
      )
      done.push({ table, cursors: cursors.rowsChanged })
    }
    return done
  })
}
