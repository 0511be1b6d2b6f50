import type { DuckDBConnection } from '@duckdb/node-api'
import type { Cursor } from '../../../libs/connect/feed.ts'
import { stableStringify } from '../../../libs/connect/json.ts'
import type { CommitUnit, ConnectionIdentity, Coverage, CoverageState, RunRecord, StoredState } from '../destination.ts'
import { ConnectionChangedError } from './connection_changed_error.ts'
import { StateNewerError } from './state_newer_error.ts'

export const STATE_VERSION = 1

/** Every key starts with the connection's name, so that two tenants can share a file. */
const TABLES = `
CREATE SCHEMA IF NOT EXISTS parley;
CREATE TABLE IF NOT EXISTS parley.schema_version (version INTEGER NOT NULL, installed_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS parley.connections (connection VARCHAR PRIMARY KEY, source VARCHAR NOT NULL, account VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS parley.jobs (connection VARCHAR, job VARCHAR, source_table VARCHAR NOT NULL, scd_type VARCHAR NOT NULL,
  primary_keys VARCHAR NOT NULL, hashed_columns VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job));
CREATE TABLE IF NOT EXISTS parley.cursors (connection VARCHAR, job VARCHAR, "partition" VARCHAR, cursor VARCHAR NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job, "partition"));
CREATE TABLE IF NOT EXISTS parley.coverage (connection VARCHAR, job VARCHAR, "partition" VARCHAR, params VARCHAR NOT NULL, state VARCHAR NOT NULL,
  synced_until TIMESTAMPTZ, code VARCHAR, message VARCHAR, missing_since TIMESTAMPTZ, run_id VARCHAR NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job, "partition"));
CREATE TABLE IF NOT EXISTS parley.snapshot_seen (connection VARCHAR, job VARCHAR, "partition" VARCHAR, key VARCHAR, generation BIGINT NOT NULL,
  PRIMARY KEY (connection, job, "partition", key));
CREATE TABLE IF NOT EXISTS parley.quarantine (connection VARCHAR, job VARCHAR, "partition" VARCHAR, code VARCHAR NOT NULL, message VARCHAR NOT NULL,
  "row" VARCHAR NOT NULL, row_hash VARCHAR, quarantined_at TIMESTAMPTZ NOT NULL, PRIMARY KEY (connection, job, "partition", row_hash));
CREATE TABLE IF NOT EXISTS parley.runs (run_id VARCHAR PRIMARY KEY, connection VARCHAR NOT NULL, source VARCHAR NOT NULL, status VARCHAR NOT NULL,
  started_at TIMESTAMPTZ NOT NULL, completed_at TIMESTAMPTZ, result VARCHAR);
`

/** Creates the state tables. @throws StateNewerError when a newer release wrote them. */
export async function createState(db: DuckDBConnection): Promise<void> {
  await db.run(TABLES)
  const [row] = (await db.runAndReadAll('SELECT max(version) FROM parley.schema_version')).getRows()
  const version = row?.[0]
  if (typeof version === 'number' && version > STATE_VERSION) throw new StateNewerError(version, STATE_VERSION)
  if (typeof version !== 'number') await db.run(`INSERT INTO parley.schema_version VALUES (${STATE_VERSION}, now())`)
}

/** @throws ConnectionChangedError when the name belongs to another account: its cursors would be taken for this one's. */
export async function claimConnection(
  db: DuckDBConnection,
  { name, source, account }: ConnectionIdentity,
): Promise<void> {
  await db.run('INSERT OR IGNORE INTO parley.connections VALUES ($1, $2, $3)', [name, source, account])
  const stored = await db.runAndReadAll('SELECT source, account FROM parley.connections WHERE connection = $1', [name])
  const [row] = stored.getRows() as [string, string][]
  if (row?.[0] !== source || row[1] !== account)
    throw new ConnectionChangedError(name, `${row?.[0]} ${row?.[1]}`, `${source} ${account}`)
}

/** Whoever has the file open is its only process: a run that still says `running` was killed. */
export async function closeKilledRuns(db: DuckDBConnection): Promise<void> {
  await db.run(`UPDATE parley.runs SET status = 'killed' WHERE status = 'running'`)
}

export async function loadState(db: DuckDBConnection, connection: string): Promise<StoredState> {
  const state: StoredState = { cursors: new Map(), coverage: new Map() }
  const cursors = await db.runAndReadAll('SELECT job, "partition", cursor FROM parley.cursors WHERE connection = $1', [
    connection,
  ])
  for (const [job, partition, cursor] of cursors.getRows() as [string, string, string][]) {
    put(state.cursors, job, partition, JSON.parse(cursor) as Cursor)
  }
  const coverage = await db.runAndReadAll(
    `SELECT job, "partition", params, state, epoch_ms(synced_until)::DOUBLE, code, message, epoch_ms(missing_since)::DOUBLE, run_id
     FROM parley.coverage WHERE connection = $1`,
    [connection],
  )
  type Row = [string, string, string, string, number | null, string | null, string | null, number | null, string]
  for (const [
    job,
    partition,
    params,
    stored,
    synced_until,
    code,
    message,
    missing_since,
    run_id,
  ] of coverage.getRows() as Row[]) {
    const line: Coverage = {
      job,
      partition,
      params,
      state: stored as CoverageState,
      synced_until,
      code,
      message,
      missing_since,
      run_id,
    }
    put(state.coverage, job, partition, line)
  }
  return state
}

function put<T>(map: Map<string, Map<string, T>>, job: string, partition: string, value: T): void {
  const inner = map.get(job) ?? new Map<string, T>()
  map.set(job, inner.set(partition, value))
}

/** Writes cursors, coverage and quarantine of a unit, inside the unit's transaction. */
export async function saveUnitState(db: DuckDBConnection, connection: string, unit: CommitUnit): Promise<void> {
  if (unit.cursors.length > 0) {
    const rows = unit.cursors.map((change) => ({ ...change, cursor: stableStringify(change.cursor) }))
    await insertJson(db, connection, rows, {
      into: 'parley.cursors',
      columns: 'connection, job, "partition", cursor, updated_at',
      shape: '{"job":"VARCHAR","partition":"VARCHAR","cursor":"VARCHAR"}',
      select: '$1, x.job, x."partition", x.cursor, now()',
    })
  }
  for (const { job, partition } of unit.superseded) {
    const key = [connection, job, partition]
    await db.run('DELETE FROM parley.coverage WHERE connection = $1 AND job = $2 AND "partition" = $3', key)
  }
  if (unit.coverage.length > 0) {
    await insertJson(db, connection, unit.coverage, {
      into: 'parley.coverage',
      columns:
        'connection, job, "partition", params, state, synced_until, code, message, missing_since, run_id, updated_at',
      shape:
        '{"job":"VARCHAR","partition":"VARCHAR","params":"VARCHAR","state":"VARCHAR","synced_until":"BIGINT","code":"VARCHAR","message":"VARCHAR","missing_since":"BIGINT","run_id":"VARCHAR"}',
      select:
        '$1, x.job, x."partition", x.params, x.state, make_timestamptz(x.synced_until * 1000), x.code, x.message, make_timestamptz(x.missing_since * 1000), x.run_id, now()',
    })
  }
  if (unit.quarantined.length > 0) {
    await insertJson(db, connection, unit.quarantined, {
      into: 'parley.quarantine',
      columns: 'connection, job, "partition", code, message, "row", row_hash, quarantined_at',
      shape: '{"job":"VARCHAR","partition":"VARCHAR","code":"VARCHAR","message":"VARCHAR","row":"VARCHAR"}',
      select: '$1, x.job, x."partition", x.code, x.message, x."row", sha256(x."row"), now()',
    })
  }
}

interface JsonInsert {
  into: string
  columns: string
  shape: string
  select: string
}

/** One statement for many small rows, which travel as one JSON parameter. */
async function insertJson(
  db: DuckDBConnection,
  connection: string,
  rows: readonly object[],
  insert: JsonInsert,
): Promise<void> {
  const source = `(SELECT unnest(from_json($2::JSON, '[${insert.shape}]')) AS x)`
  await db.run(`INSERT OR REPLACE INTO ${insert.into} (${insert.columns}) SELECT ${insert.select} FROM ${source}`, [
    connection,
    JSON.stringify(rows),
  ])
}

export async function saveRun(db: DuckDBConnection, connection: string, run: RunRecord): Promise<void> {
  await db.run(
    `INSERT OR REPLACE INTO parley.runs (run_id, connection, source, status, started_at, completed_at, result)
     VALUES ($1, $2, $3, $4, make_timestamptz($5::BIGINT * 1000), make_timestamptz($6::BIGINT * 1000), $7)`,
    [
      run.run_id,
      connection,
      run.source,
      run.status,
      BigInt(run.started_at),
      run.completed_at === null ? null : BigInt(run.completed_at),
      run.result,
    ],
  )
}
