/**
 * A backfill of 16 teams against an API that takes its time, by as many Spark tasks as there are teams, two at a time,
 * and by one task. In turn, in one session: the same rows, and how many times as fast.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from '../../spark/environment.ts'
import { askPython } from '../../support/ask_python.ts'
import { median } from './figures.ts'

const TEAMS = 16
const CHANNELS = 4
const LATENCY_MS = 50
const MESSAGES = Number(process.env.PARLEY_BENCH_MESSAGES ?? 32_000)
const ROUNDS = 3

interface Read {
  seconds: number
  rows: number
  digest: string
}

const environment = sparkEnvironment()
if (environment !== null) await main(environment.python)

async function main(python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-backfill-'))
  const file = join(folder, '_generated_microsoft_teams_python_source.py')
  bundle('sources/microsoft_teams/index.ts', 'microsoftTeams', file)
  const generated = {
    teams: TEAMS,
    channelsPerTeam: CHANNELS,
    messagesPerChannel: Math.ceil(MESSAGES / TEAMS / CHANNELS),
  }
  const simulator = await startTeamsSimulator({ dataset: { generated }, throttle: 'off', latencyMs: LATENCY_MS })
  const [one, many] = [{ max_tasks: '1' }, { max_tasks: String(TEAMS) }]
  const request = {
    folder,
    cores: 2,
    bundle: file,
    source: 'microsoft_teams',
    options: { ...simulator.connection, read_mode: 'export' },
    reads: Array.from({ length: ROUNDS }, (_, round) => (round % 2 === 0 ? [one, many] : [many, one])).flat(),
  }
  const env = { PARLEY_RATE_SHARE: '100' }
  const reads = await askPython<Read[]>(python, join(import.meta.dirname, 'read.py'), request, env)
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
  report(reads, (index) => request.reads[index] === one)
}

function report(reads: readonly Read[], isOne: (index: number) => boolean): void {
  const seconds = (wanted: boolean) =>
    median(reads.filter((_, index) => isOne(index) === wanted).map((read) => read.seconds))
  const ratio = seconds(true) / seconds(false)
  const isSame = new Set(reads.map(({ rows, digest }) => `${rows} ${digest}`)).size === 1
  console.log(
    `${reads[0]!.rows} rows of ${TEAMS} teams, ${LATENCY_MS} ms of latency, local[2], median of ${ROUNDS}: one task ${seconds(true).toFixed(1)} s, ${TEAMS} tasks ${seconds(false).toFixed(1)} s: ${ratio.toFixed(2)} times as fast; ${isSame ? 'the same rows' : 'NOT the same rows'}`,
  )
  if (!isSame || ratio <= 1) process.exitCode = 1
}
