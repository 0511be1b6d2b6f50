/**
 * `npm run demo`: a tenant, a sync and three answers, in one minute and without an account. Starts the simulator
 * on the sample tenant, runs the real command against it into `demo.duckdb`, and queries the file. The simulator's
 * clock always begins at the same time, so a second run finds nothing to change.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBInstance } from '@duckdb/node-api'
import { textTable } from '../libs/observe/text_table.ts'
import { demoQueries } from './demo_queries.ts'

const LAUNCHER = fileURLToPath(new URL('../bin/parley.js', import.meta.url))
const DATABASE = './demo.duckdb'
const SIMULATED_NOW = '2026-06-01T08:00:00Z'
/** Rows that the last run inserted, updated or deleted. */
const CHANGES = `SELECT list_sum([n.inserted + n.updated + n.deleted FOR n IN
    from_json(result->'tables', '[{"inserted":"INTEGER","updated":"INTEGER","deleted":"INTEGER"}]')])::INTEGER AS changed
  FROM parley.runs ORDER BY started_at DESC LIMIT 1`
const MOST_OUTPUT = 64 * 1024

process.exitCode = await demo()

async function demo(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-demo-'))
  const simulator = spawn(process.execPath, [LAUNCHER, 'simulate', 'microsoft_teams', '--now', SIMULATED_NOW], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const connection = join(folder, 'connection.json')
    await writeFile(connection, await readConnection(simulator), { mode: 0o600 })
    const args = [
      'sync',
      '--source',
      'microsoft_teams',
      '--connection',
      connection,
      '--destination',
      `duckdb:${DATABASE}`,
    ]
    console.log(`\n# ${folder} is temporary: it is removed when the demo ends.\n$ parley ${args.join(' ')}`)
    const code = await run(args)
    if (code !== 0) return code
    await answer()
    console.log(
      '\nThe rows are in demo.duckdb. Run the demo again: the simulated clock stands still, so no row changes.',
    )
    return 0
  } finally {
    simulator.kill('SIGTERM')
    await rm(folder, { recursive: true })
  }
}

/** The simulator prints its connection as one JSON object, then serves. */
async function readConnection({ stdout, pid }: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of stdout!) {
    text += chunk
    if (text.trimEnd().endsWith('}')) return text
    if (text.length > MOST_OUTPUT) break
  }
  throw new Error(`The simulator (process ${pid}) ended without a connection.`)
}

async function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

async function answer(): Promise<void> {
  const instance = await DuckDBInstance.create(DATABASE, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  await connection.run(`SET TimeZone = 'UTC'`)
  const [last] = (await connection.runAndReadAll(CHANGES)).getRowsJson()
  if (last?.[0] === 0) console.log('\n0 rows changed (the simulated clock stands still).')
  for (const { question, sql } of demoQueries) {
    const reader = await connection.runAndReadAll(sql)
    const rows = reader.getRowsJson().map((row) => row.map((cell) => (cell === null ? '-' : String(cell))))
    console.log(`\n${question}\n\n${sql}\n\n${textTable([reader.columnNames(), ...rows]).trimEnd()}`)
  }
  connection.closeSync()
  instance.closeSync()
}
