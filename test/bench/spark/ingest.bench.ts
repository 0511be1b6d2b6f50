/**
 * The real conversations (247,387 messages) as 25 teams, by the generated file's own `ingest` into Delta tables: a full read
 * while messages are edited and deleted, two more, and a quiet one. Against the tenant's truth, with seconds and rows a second.
 *
 *   PARLEY_BENCH_MESSAGES=20000 node test/bench/spark/ingest.bench.ts
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import {
  realClock,
  startTeamsSimulator,
  type TeamsSimulator,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from '../../spark/environment.ts'
import { type IngestSummary, SparkDriver } from '../../spark/spark_driver.ts'
import { LATER_MS } from '../../support/tenant.ts'
import { compareWithTruth } from '../../support/truth.ts'

const conversations = `${process.env.PARLEY_SHARED ?? '../shared'}/conversations/ubuntu_irc.ndjson.gz`
const TABLES = ['messages', 'message_replies']
const SCHEMA = 'microsoft_teams'
const TEAMS = 25
const CHANGES = 100
/** In the file, and on a page. */
const [MESSAGES, PAGE] = [247_387, 50]

if (existsSync(conversations)) {
  const environment = sparkEnvironment()
  if (environment !== null) await main(environment.python)
} else console.log(`ingest: skipped, ${conversations} is absent (set PARLEY_SHARED)`)

async function main(python: string): Promise<void> {
  const limit = Number(process.env.PARLEY_BENCH_MESSAGES ?? 0)
  const folder = mkdtempSync(join(tmpdir(), 'parley-ingest-'))
  const file = join(folder, '_generated_microsoft_teams_python_source.py')
  bundle('sources/microsoft_teams/index.ts', 'microsoftTeams', file)
  const clock = realClock()
  const simulator = await startTeamsSimulator({
    clock,
    throttle: 'off',
    dataset: { ndjson: conversations, teams: TEAMS, ...(limit > 0 ? { limit } : {}) },
    // All of them in the full read, which walks the export once for each table.
    mutateDuringWalk: { every: Math.ceil((limit || MESSAGES) / PAGE / CHANGES), max: CHANGES },
  })
  const { loaded } = simulator.truth
  console.log(
    `${loaded.messages} messages, ${loaded.replyLinks} reply links, ${TEAMS} teams; ${CHANGES} changes during the walk`,
  )
  // The tenant does not throttle: do not wait for limits nobody keeps.
  process.env.PARLEY_RATE_SHARE = '100'
  const options = { ...simulator.connection, read_mode: 'export' }
  const driver = new SparkDriver({ python, folder, bundle: file, options, keys: [], cursor: '' })
  await ingest(driver, simulator, 'full read, messages changing')
  // The next one may meet the last of the changes, the one after it brings them.
  for (const title of ['one more', 'one more', 'quiet']) {
    clock.advance(LATER_MS)
    const changed = await ingest(driver, simulator, title)
    if (title === 'quiet' && changed > 0) process.exitCode = 1
  }
  await compare(driver, simulator, folder)
  await driver.close()
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Rows that it changed. */
async function ingest(driver: SparkDriver, simulator: TeamsSimulator, title: string): Promise<number> {
  const objects = TABLES.map((table) => ({ table: { source_table: table, destination_schema: SCHEMA } }))
  const [before, began] = [simulator.stats(), performance.now()]
  const answer: IngestSummary | null = await driver.ingest({ connection_name: 'bench', objects })
  if (answer === null) throw new Error(`${title}: the driver has ended`)
  const seconds = (performance.now() - began) / 1000
  const changed = answer.tables.reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0)
  const { requests } = simulator.stats()
  console.log(
    `  ${title}: ${answer.status} in ${seconds.toFixed(1)} s, ${changed} rows changed (${Math.round(changed / seconds)} rows/s), ${requests - before.requests} requests`,
  )
  return changed
}

/** As Parquet in a DuckDB file: both engines are compared with the truth by the same SQL. */
async function compare(driver: SparkDriver, simulator: TeamsSimulator, folder: string): Promise<void> {
  const path = join(folder, 'compared.duckdb')
  const { connection, close } = await openDatabase(path, { sleep: async () => {} })
  await connection.run(`CREATE SCHEMA ${SCHEMA}`)
  for (const table of TABLES) {
    const parquet = join(folder, `${table}.parquet`)
    await driver.export(`${SCHEMA}.${table}`, parquet)
    await connection.run(`CREATE VIEW ${SCHEMA}.${table} AS FROM read_parquet('${parquet}/*.parquet')`)
  }
  close()
  const { rows, missing, extra, different, doubled, examples } = await compareWithTruth(
    path,
    simulator,
    SCHEMA,
    'exported',
  )
  console.log(
    `  Delta against the truth: ${rows} rows, ${missing} missing, ${extra} extra, ${different} different, ${doubled} doubled`,
  )
  for (const example of examples) console.log(example)
  if (missing + extra + different + doubled > 0) process.exitCode = 1
}
