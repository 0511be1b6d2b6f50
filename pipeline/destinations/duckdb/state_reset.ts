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
 * Forgets how far tables are read, so that the next sync reads them from the beginning. Rows stay, and so do partitions
 * that were ever read or are gone: a later run must still be able to find out that one has vanished, and what with it.
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
      const ofLine = 'connection = v.connection AND job = v.job AND "partition" = v."partition"'
      await db.run(
        `DELETE FROM parley.coverage AS v WHERE connection = $1 AND job = $2 AND state <> 'gone'
           AND (json_extract_string(params, '$.asked') = 'true' OR json_extract_string(params, '$.within') IS NOT NULL)
           AND synced_until IS NULL AND coalesce(code, '') <> '${RESET}' AND NOT EXISTS (FROM parley.cursors WHERE ${ofLine}) AND NOT EXISTS (FROM parley.snapshot_seen WHERE ${ofLine})`,
        key,
      )
      const cursors = await db.run('DELETE FROM parley.cursors WHERE connection = $1 AND job = $2', key)
      await markReset(db, connection, table)
      done.push({ table, cursors: cursors.rowsChanged })
    }
    return done
  })
}

/** Partitions of a table, or some of them, are to be read from the beginning. */
export async function markReset(
  db: DuckDBConnection,
  connection: string,
  table: string,
  partitions: readonly string[] | null = null,
): Promise<void> {
  await db.run(
    `UPDATE parley.coverage SET state = 'behind', synced_until = NULL, missing_since = NULL, code = '${RESET}',
       message = 'Its state was reset; the next sync reads it from the beginning.'
     WHERE connection = $1 AND job = $2 AND state <> 'gone'
       AND ($3::JSON IS NULL OR "partition" IN (SELECT unnest(from_json($3::JSON, '["VARCHAR"]'))))`,
    [connection, table, partitions === null ? null : JSON.stringify(partitions)],
  )
}
