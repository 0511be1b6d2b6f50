import type { Cursor, Partition } from '../../libs/connect/feed.ts'
import type { CoverageState } from '../../pipeline/destinations/destination.ts'
import type { Database } from '../../pipeline/destinations/duckdb/database.ts'

/** One version of a message, or of what hangs on one, as a table holds it. Times are epoch ms. */
export interface StoredVersion {
  key: string
  /** What orders its versions. */
  modified: number
  content: string
  hash: string
  /** SCD2 only. */
  start?: number | null
  end?: number | null
}

export interface ListedRow {
  key: string
  hash: string
}

export interface StoredLine {
  job: string
  partition: string
  params: Partition
  state: CoverageState
  synced_until: number | null
  code: string | null
  missing_since: number | null
  run_id: string
}

export interface StoredCursor {
  job: string
  partition: string
  text: string
  cursor: Cursor
}

/** What the engine remembers in the file, read after a run. */
export interface StoredState {
  coverage: StoredLine[]
  cursors: StoredCursor[]
  runs: { run_id: string; status: string }[]
}

/** All that a database file holds, read after a run. */
export interface Stored<V extends StoredVersion = StoredVersion, L extends ListedRow = ListedRow> extends StoredState {
  /** By table: the versions of each key, in the order of their start. */
  messages: Map<string, Map<string, V[]>>
  /** By table of listed things: what is held of each key now; of a history the open versions. */
  listed: Map<string, Map<string, L[]>>
  /** Rows by table. */
  counts: Map<string, number>
}

export type Ask = <T>(sql: string) => Promise<T[]>

export function askOf({ connection }: Database): Ask {
  return async <T>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as T[]
}

/** A source's tables, each with its columns, commas between them. */
export function readTables(ask: Ask, schema: string): Promise<{ name: string; columns: string }[]> {
  return ask(
    `SELECT table_name AS name, string_agg(column_name) AS columns FROM duckdb_columns()
     WHERE schema_name = '${schema}' AND NOT internal GROUP BY ALL`,
  )
}

export async function readState(ask: Ask): Promise<StoredState> {
  const state = await ask<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = 'parley'`,
  )
  const has = (name: string) => state.some((table) => table.name === name)
  return {
    coverage: has('coverage') ? await readCoverage(ask) : [],
    cursors: has('cursors') ? await readCursors(ask) : [],
    runs: has('runs') ? await ask('SELECT run_id, status FROM parley.runs ORDER BY started_at') : [],
  }
}

async function readCoverage(ask: Ask): Promise<StoredLine[]> {
  const rows = await ask<Omit<StoredLine, 'params'> & { params: string }>(
    `SELECT job, "partition", params, state, epoch_ms(synced_until)::DOUBLE AS synced_until, code,
       epoch_ms(missing_since)::DOUBLE AS missing_since, run_id FROM parley.coverage`,
  )
  return rows.map((row) => ({ ...row, params: JSON.parse(row.params) as Partition }))
}

async function readCursors(ask: Ask): Promise<StoredCursor[]> {
  const rows = await ask<Omit<StoredCursor, 'cursor'>>('SELECT job, "partition", cursor AS text FROM parley.cursors')
  return rows.map((row) => ({ ...row, cursor: JSON.parse(row.text) as Cursor }))
}
