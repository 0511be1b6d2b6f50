import { existsSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { RunResult } from '../../sync/types.ts'
import type { ConnectionIdentity, StoredState } from '../destination.ts'
import { hasRows, heldAnonymization } from './anonymization.ts'
import { AnonymizeChangedError } from './anonymize_changed_error.ts'
import { ConnectionChangedError } from './connection_changed_error.ts'
import { lostJobs } from './lost_tables.ts'
import { hasState, query, type StateAccess, withState } from './state_admin.ts'
import { loadState } from './state_load.ts'

/** What a destination holds of a connection. */
export interface HeldState {
  state: StoredState
  /** Results of runs that read everything, the newest first. */
  runs: RunResult[]
}

const MOST_RUNS = 50

/**
 * Reads the state without writing anything; null where there is none yet.
 * @throws ConnectionChangedError, AnonymizeChangedError, DestinationLockedError, StateNewerError, StateCorruptError
 */
export async function readHeldState(
  path: string,
  connection: ConnectionIdentity,
  access: Omit<StateAccess, 'readOnly'>,
): Promise<HeldState | null> {
  if (!existsSync(path)) return null
  return withState(path, { ...access, readOnly: true }, async (db) => {
    if (!(await hasState(db)) || !(await isKnown(db, connection))) return null
    const state = await loadState(db, connection.name)
    for (const job of await lostJobs(db)) {
      state.cursors.delete(job)
      state.coverage.delete(job)
    }
    return { state, runs: await wholeRuns(db, connection.name) }
  })
}

async function isKnown(
  db: DuckDBConnection,
  { name, source, account, anonymization = null }: ConnectionIdentity,
): Promise<boolean> {
  const [held] = await query<{ source: string; account: string }>(
    db,
    'SELECT source, account FROM parley.connections WHERE connection = $1',
    [name],
  )
  if (held !== undefined && (held.source !== source || held.account !== account))
    throw new ConnectionChangedError(name, `${held.source} ${held.account}`, `${source} ${account}`)
  const before = await heldAnonymization(db, name)
  if (held !== undefined && before !== anonymization && (await hasRows(db, name)))
    throw new AnonymizeChangedError(name, before, anonymization)
  return held !== undefined
}

async function wholeRuns(db: DuckDBConnection, connection: string): Promise<RunResult[]> {
  const lines = await query<{ result: string }>(
    db,
    `SELECT result FROM parley.runs WHERE connection = $1 AND status = 'ok' AND result IS NOT NULL ORDER BY started_at DESC LIMIT ${MOST_RUNS}`,
    [connection],
  )
  return lines.map(({ result }) => JSON.parse(result) as RunResult)
}
