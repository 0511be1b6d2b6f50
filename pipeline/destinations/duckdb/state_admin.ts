import type { DuckDBConnection } from '@duckdb/node-api'
import { isParleyError } from '../../../libs/connect/error.ts'
import { WriteFailedError } from '../write_failed_error.ts'
import { openDatabase } from './database.ts'
import { createState, STATE_VERSION } from './state.ts'
import { StateNewerError } from './state_newer_error.ts'

/** How a command that looks at the state, or mends it, opens the file. */
export interface StateAccess {
  readOnly: boolean
  /** Waits for another process to let the file go, this long. Default 0. */
  waitLockMs?: number
  signal: AbortSignal
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/**
 * Opens the file for `work` and closes it again.
 * @throws DestinationLockedError while a run holds it, DestinationUnavailableError, StateNewerError
 */
export async function withState<T>(
  path: string,
  access: StateAccess,
  work: (db: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(path, access)
  try {
    if (access.readOnly) await checkVersion(database.connection)
    else await createState(database.connection)
    return await work(database.connection)
  } finally {
    database.close()
  }
}

/** All or nothing. @throws WriteFailedError in place of DuckDB's own errors */
export async function inTransaction<T>(db: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await db.run('BEGIN TRANSACTION')
  try {
    const result = await work()
    await db.run('COMMIT')
    return result
  } catch (error) {
    await db.run('ROLLBACK').catch(() => {})
    throw isParleyError(error) ? error : new WriteFailedError(error)
  }
}

/** Rows of a query as JSON values: times are text in UTC, whole numbers text where they are BIGINT. */
export async function query<T>(db: DuckDBConnection, sql: string, values: (string | null)[] = []): Promise<T[]> {
  return (await db.runAndReadAll(sql, values)).getRowObjectsJson() as T[]
}

/** False for a file that no run has written to. */
export async function hasState(db: DuckDBConnection): Promise<boolean> {
  const found = await query(
    db,
    `SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'parley' AND table_name = 'jobs'`,
  )
  return found.length > 0
}

async function checkVersion(db: DuckDBConnection): Promise<void> {
  if (!(await hasState(db))) return
  const [row] = await query<{ version: number | null }>(
    db,
    'SELECT max(version)::INTEGER AS version FROM parley.schema_version',
  )
  if ((row?.version ?? 0) > STATE_VERSION) throw new StateNewerError(row!.version!, STATE_VERSION)
}
