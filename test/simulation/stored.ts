import type { Cursor, Partition } from '../../libs/connect/feed.ts'
import type { CoverageState } from '../../pipeline/destinations/destination.ts'
import type { Database } from '../../pipeline/destinations/duckdb/database.ts'
import { comparedColumns, sameText } from '../support/truth.ts'

/** One version of a message as a table holds it. Times are epoch ms. */
export interface StoredVersion {
  key: string
  modified: number
  content: string
  hash: string
  /** SCD2 only. */
  start?: number | null
  end?: number | null
}

export interface ListedRow {
  key: string
  name: string
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

/** All that a database file holds, read after a run. */
export interface Stored {
  /** By table: the versions of each key, in the order of their start. */
  messages: Map<string, Map<string, StoredVersion[]>>
  /** By table of listed things: what is held of each key now; of a history the open versions. */
  listed: Map<string, Map<string, ListedRow[]>>
  coverage: StoredLine[]
  cursors: StoredCursor[]
  runs: { run_id: string; status: string }[]
  /** Rows by table. */
  counts: Map<string, number>
}

const LISTED_KEYS: Readonly<Record<string, string>> = {
  teams: 'id',
  channels: `team_id || '/' || id`,
  members: `team_id || '/' || id`,
  channel_members: `team_id || '/' || channel_id || '/' || id`,
}

const SCHEMA = 'microsoft_teams'

export async function readStored({ connection }: Database): Promise<Stored> {
  return readAll(async <T>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as T[])
}

type Ask = <T>(sql: string) => Promise<T[]>

async function readAll(ask: Ask): Promise<Stored> {
  const tables = await ask<{ name: string; columns: string }>(
    `SELECT table_name AS name, string_agg(column_name) AS columns FROM duckdb_columns()
     WHERE schema_name = '${SCHEMA}' AND NOT internal GROUP BY ALL`,
  )
  const state = await ask<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_tables() WHERE schema_name = 'parley'`,
  )
  const has = (name: string) => state.some((table) => table.name === name)
  const stored: Stored = {
    messages: new Map(),
    listed: new Map(),
    counts: new Map(),
    coverage: has('coverage') ? await readCoverage(ask) : [],
    cursors: has('cursors') ? await readCursors(ask) : [],
    runs: has('runs') ? await ask('SELECT run_id, status FROM parley.runs ORDER BY started_at') : [],
  }
  for (const { name, columns } of tables) {
    const isHistory = columns.includes('__END_AT')
    if (name in LISTED_KEYS) await readListed(ask, stored, name, isHistory)
    else await readMessages(ask, stored, name, isHistory)
  }
  return stored
}

async function readMessages(ask: Ask, stored: Stored, table: string, isHistory: boolean): Promise<void> {
  const times = isHistory ? ', epoch_ms("__START_AT")::DOUBLE AS start, epoch_ms("__END_AT")::DOUBLE AS "end"' : ''
  const rows = await ask<StoredVersion>(
    `SELECT ${comparedColumns(table === 'messages' ? "''" : 'parent_message_id')}, epoch_ms(lastModifiedDateTime)::DOUBLE AS modified,
       _content_hash AS hash ${times} FROM ${SCHEMA}.${table} ORDER BY key, ${isHistory ? 'start NULLS FIRST' : 'modified'}`,
  )
  stored.counts.set(table, rows.length)
  const versions = rows.map((row) => ({ ...row, content: sameText(row.content) }))
  stored.messages.set(table, Map.groupBy(versions, ({ key }) => key) as Map<string, StoredVersion[]>)
}

async function readListed(ask: Ask, stored: Stored, table: string, isHistory: boolean): Promise<void> {
  const open = isHistory ? 'WHERE "__END_AT" IS NULL' : ''
  const rows = await ask<ListedRow>(
    `SELECT ${LISTED_KEYS[table]} AS key, displayName AS name, _content_hash AS hash FROM ${SCHEMA}.${table} ${open}`,
  )
  stored.counts.set(table, rows.length)
  stored.listed.set(table, Map.groupBy(rows, ({ key }) => key) as Map<string, ListedRow[]>)
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
