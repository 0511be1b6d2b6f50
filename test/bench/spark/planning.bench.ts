/**
 * What a stream over 5,000 teams takes to plan by a real reader and its Node.js children, without latency: when all teams are
 * new and each is asked once, and in the runs after it (each within 10 s); and the bytes of its offset, of 64 KB.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { bundle, sparkEnvironment } from '../../spark/environment.ts'
import { askPython } from '../../support/ask_python.ts'

const TEAMS = Number(process.env.PARLEY_BENCH_TEAMS ?? 5000)
const MAX_SECONDS = 10
const MAX_BYTES = 64 * 1024

interface Planned {
  error: { text: string } | null
  seconds: number
  bytes: number
  tasks: number
  closed: object
}

const environment = sparkEnvironment()
if (environment !== null) await main(environment.python)

async function main(python: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-planning-'))
  const program = join(folder, 'microsoft_teams.mjs')
  bundle('sources/microsoft_teams/index.ts', 'microsoftTeams', program)
  const generated = { teams: TEAMS, channelsPerTeam: 1, messagesPerChannel: 1, days: 20 }
  const simulator = await startTeamsSimulator({ dataset: { generated }, throttle: 'off', teamsPageSize: 999 })
  const script = join(import.meta.dirname, '../../spark/scale_planner.py')
  for (const read_mode of ['auto', 'export']) {
    let start: object | null = null
    for (const title of ['all are new', 'next run']) {
      const request = { program, options: { ...simulator.connection, read_mode }, start }
      const planned: Planned = await askPython<Planned>(python, script, request, { PARLEY_RATE_SHARE: '100' })
      if (planned.error !== null) throw new Error(planned.error.text)
      report(`${TEAMS} teams, read_mode ${read_mode}, ${title}`, planned)
      start = planned.closed
      simulator.clock.advance(600_000)
    }
  }
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}

function report(title: string, { seconds, bytes, tasks }: Planned): void {
  console.log(`${title}: planned in ${seconds.toFixed(1)} s, offset ${bytes} bytes, ${tasks} tasks`)
  if (seconds > MAX_SECONDS || bytes >= MAX_BYTES) process.exitCode = 1
}
