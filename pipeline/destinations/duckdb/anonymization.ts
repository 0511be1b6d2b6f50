import type { DuckDBConnection } from '@duckdb/node-api'
import { AnonymizeChangedError } from './anonymize_changed_error.ts'
import { name } from './sql.ts'
import { query } from './state_admin.ts'

/** What a connection's rows are anonymized with; null: not at all. A state that an older release left knows of none. */
export async function heldAnonymization(db: DuckDBConnection, connection: string): Promise<string | null> {
  const [held] = await query<{ anonymization?: string | null }>(
    db,
    'SELECT * FROM parley.connections WHERE connection = $1',
    [connection],
  )
  return held?.anonymization ?? null
}

/**
 * Notes what the rows of a connection are anonymized with. It may be another one while there are no rows.
 * @throws AnonymizeChangedError where there are: each would get another hash, and those with a personal key another key
 */
export async function claimAnonymization(
  db: DuckDBConnection,
  connection: string,
  wanted: string | null,
): Promise<void> {
  const held = await heldAnonymization(db, connection)
  if (held === wanted) return
  if (await hasRows(db, connection)) throw new AnonymizeChangedError(connection, held, wanted)
  await db.run('UPDATE parley.connections SET anonymization = $2 WHERE connection = $1', [connection, wanted])
}

/** In its tables that are still there, or kept aside. */
export async function hasRows(db: DuckDBConnection, connection: string): Promise<boolean> {
  const tables = await query<{ schema: string; table: string }>(
    db,
    `SELECT schema_name AS "schema", table_name AS "table" FROM duckdb_tables() WHERE database_name = current_database()
       AND lower(schema_name || '.' || table_name) IN (SELECT lower(job) FROM parley.jobs WHERE connection = $1)`,
    [connection],
  )
  const sources = [
    'SELECT 1 FROM parley.quarantine WHERE connection = $1',
    ...tables.map(({ schema, table }) => `SELECT 1 FROM ${name(schema)}.${name(table)} WHERE $1 IS NOT NULL`),
  ]
  for (const source of sources) if ((await query(db, `${source} LIMIT 1`, [connection])).length > 0) return true
  return false
}
