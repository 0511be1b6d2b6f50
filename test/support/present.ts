import { expect } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'
import type { TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { compareWithTruth, type Difference } from './truth.ts'

/** Tables of messages, with the key column that one of them has and the other has not. */
const MESSAGES: Readonly<Record<string, string>> = { messages: '', message_replies: 'parent_message_id' }
const keyOf = (parent: string) => ['team_id', 'channel_id', ...(parent === '' ? [] : [parent]), 'id'].join(', ')
const KEYS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(MESSAGES).map(([table, parent]) => [table, keyOf(parent)])),
  teams: 'id',
  channels: 'team_id, id',
}

/** Compares what the tables of messages say of the present with the tenant: rows, open versions, or the latest row of each key. */
export async function compareNow(
  database: string,
  simulator: TeamsSimulator,
  scdType: ScdType,
  channels: 'all' | 'exported' = 'all',
): Promise<Difference> {
  if (scdType === 'SCD_TYPE_1') return compareWithTruth(database, simulator, 'microsoft_teams', channels)
  await run(database, async (query) => {
    await query('CREATE SCHEMA IF NOT EXISTS present')
    for (const [table, parent] of Object.entries(MESSAGES)) {
      const latest = `QUALIFY row_number() OVER (PARTITION BY ${keyOf(parent)} ORDER BY lastModifiedDateTime DESC) = 1`
      const now = scdType === 'SCD_TYPE_2' ? 'WHERE __END_AT IS NULL' : latest
      await query(`CREATE OR REPLACE VIEW present.${table} AS SELECT * FROM microsoft_teams.${table} ${now}`)
    }
  })
  return compareWithTruth(database, simulator, 'present', channels)
}

/** What the soundness of a table is judged by. */
export interface Sound {
  /** `schema.table`. */
  from: string
  /** Key columns with commas between them. */
  keys: string
  /** The column that orders versions; null: a snapshot, whose versions are dated by its listings and can have gaps. */
  sequence: string | null
}

const TEAMS_TABLES: readonly Sound[] = Object.entries(KEYS).map(([table, keys]) => ({
  from: `microsoft_teams.${table}`,
  keys,
  sequence: table in MESSAGES ? 'lastModifiedDateTime' : null,
}))

/** Expects histories without overlaps, gaps and versions that say the same, and appended rows without doubles. */
export async function expectSound(
  database: string,
  scdType: ScdType,
  tables: readonly Sound[] = TEAMS_TABLES,
): Promise<void> {
  if (scdType === 'SCD_TYPE_1') return
  for (const table of tables) {
    const sql = scdType === 'APPEND_ONLY' ? doubles(table) : flaws(table)
    const [faults] = await run(database, (query) => query(sql))
    const wrong = Object.entries(faults as Record<string, number>).filter(([, count]) => count !== 0)
    expect(wrong, `${table.from} ${JSON.stringify(faults)}`).toEqual([])
  }
}

function doubles({ from, keys }: Sound): string {
  return `SELECT (count(*) - count(DISTINCT (${keys}, (t)::VARCHAR)))::INTEGER AS doubled FROM ${from} AS t`
}

function flaws({ from, keys, sequence }: Sound): string {
  const misdated = sequence === null ? '__START_AT IS NULL' : `__START_AT IS DISTINCT FROM ${sequence}`
  return `SELECT count(*) FILTER (__END_AT <= __START_AT)::INTEGER AS backwards,
     count(*) FILTER (__END_AT > next OR (__END_AT IS NULL AND next IS NOT NULL))::INTEGER AS overlapping,
     count(*) FILTER (${sequence !== null} AND __END_AT IS DISTINCT FROM next)::INTEGER AS gaps,
     count(*) FILTER (_content_hash = next_hash AND __END_AT = next)::INTEGER AS unchanged,
     count(*) FILTER (${misdated})::INTEGER AS misdated
   FROM (SELECT *, lead(__START_AT) OVER key AS next, lead(_content_hash) OVER key AS next_hash
         FROM ${from} WINDOW key AS (PARTITION BY ${keys} ORDER BY __START_AT))`
}

async function run<T>(database: string, work: (query: (sql: string) => Promise<unknown[]>) => Promise<T>): Promise<T> {
  const { connection, close } = await openDatabase(database, { sleep: async () => {} })
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson())
  } finally {
    close()
  }
}
