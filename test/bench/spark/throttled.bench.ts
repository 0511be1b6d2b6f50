/**
 * Spark tasks against the documented limits, strict reading: how much of the limit that binds is used in steady state
 * (at least 0.6), and how much is refused (at most 2 %). Measured by the server, from its own log.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from '../../spark/environment.ts'
import { askPython } from '../../support/ask_python.ts'
import { steadyShare } from './steady_share.ts'

const SECONDS = Number(process.env.PARLEY_BENCH_SECONDS ?? 40)
/** Rows a page: small, so that the limit binds and not the two cores that server and tasks share here. */
const PAGE = 5

interface Case {
  title: string
  read_mode: 'export' | 'list'
  /** The server's calls that count against the limit that binds. */
  routes: readonly string[]
  cores: number
  teams: number
  channelsPerTeam: number
  /** Requests a second that the limit allows over all teams. */
  perSecond: number
  exportPerTeam: 'strict' | 'loose'
  rowsPerRequest: number
}

const CASES: readonly Case[] = [
  {
    title: 'export, 4 requests/s a team bind',
    read_mode: 'export',
    routes: ['export'],
    cores: 2,
    teams: 8,
    channelsPerTeam: 2,
    perSecond: 32,
    exportPerTeam: 'strict',
    rowsPerRequest: PAGE,
  },
  {
    title: 'export, 200 requests/s a tenant bind',
    read_mode: 'export',
    routes: ['export'],
    cores: 2,
    teams: 80,
    channelsPerTeam: 2,
    perSecond: 200,
    exportPerTeam: 'loose',
    rowsPerRequest: PAGE,
  },
  {
    title: 'list, 20 requests/s a tenant bind',
    read_mode: 'list',
    routes: ['channel_messages', 'replies'],
    cores: 2,
    teams: 10,
    channelsPerTeam: 4,
    perSecond: 20,
    exportPerTeam: 'strict',
    // A page of five threads holds about eight messages.
    rowsPerRequest: 8,
  },
]

const environment = sparkEnvironment()
if (environment !== null) {
  const only = process.argv[2]
  for (const one of CASES) if (only === undefined || one.title.startsWith(only)) await measure(environment.python, one)
}

async function measure(python: string, one: Case): Promise<void> {
  const { title, read_mode, cores, teams, channelsPerTeam, perSecond, exportPerTeam, rowsPerRequest } = one
  const folder = mkdtempSync(join(tmpdir(), 'parley-throttled-'))
  const file = join(folder, '_generated_microsoft_teams_python_source.py')
  bundle('sources/microsoft_teams/index.ts', 'microsoftTeams', file)
  const messagesPerChannel = Math.ceil((perSecond * SECONDS * rowsPerRequest) / teams / channelsPerTeam)
  const generated = { teams, channelsPerTeam, messagesPerChannel, days: 400 }
  const simulator = await startTeamsSimulator({ throttle: 'documented', exportPerTeam, dataset: { generated } })
  const share = steadyShare(simulator, one.routes)
  const request = {
    folder,
    cores,
    bundle: file,
    source: 'microsoft_teams',
    options: { ...simulator.connection, read_mode, page_size: String(PAGE), concurrent_tasks: String(cores) },
    reads: [{}],
  }
  await askPython(python, join(import.meta.dirname, 'read.py'), request)
  const { used, seconds, refused } = share.end(perSecond)
  const early = simulator.stats().early.certain
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
  console.log(
    `${title}; ${cores} tasks at a time: share ${used.toFixed(3)} of ${perSecond}/s over ${Math.round(seconds)} s, refused ${(100 * refused).toFixed(2)} %, ${early} sent before they were allowed`,
  )
  if (used < 0.6 || refused > 0.02) process.exitCode = 1
}
