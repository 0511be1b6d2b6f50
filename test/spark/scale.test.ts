import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTeamsSimulator, type TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'
import { askPython } from '../support/ask_python.ts'
import { bundle, sparkEnvironment } from './environment.ts'

const environment = sparkEnvironment()
const MINUTES = 60_000
const TEAMS = 5000
const MAX_OFFSET_BYTES = 64 * 1024

interface Planned {
  error: { code: string; text: string } | null
  seconds: number
  bytes: number
  windows: number
  tasks: number
  /** The offset that closes the window. */
  closed: object
  closed_bytes: number
  /** How many new teams the next window takes. */
  room: number
  warned: boolean
}

describe.skipIf(environment === null)('a stream over as many teams as an offset takes', () => {
  let folder: string
  let simulator: TeamsSimulator
  let closed: object | null = null
  let room = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-scale-'))
    bundle('sources/microsoft_teams/index.ts', 'microsoftTeams', join(folder, 'microsoft_teams.mjs'))
    const generated = { teams: TEAMS, channelsPerTeam: 1, messagesPerChannel: 1, days: 20 }
    simulator = await startTeamsSimulator({ dataset: { generated }, throttle: 'off', teamsPageSize: 999 })
  })

  afterAll(async () => {
    await simulator?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** What a run plans that begins at the last closed offset; `more` teams are new in it. */
  async function plan(more = 0, options: Record<string, string> = {}, start = closed): Promise<Planned> {
    for (let team = 0; team < more; team++) simulator.mutate.newTeam(`More ${team}`)
    simulator.clock.advance(10 * MINUTES)
    const program = join(folder, 'microsoft_teams.mjs')
    const request = { program, options: { ...simulator.connection, ...options }, start }
    // The tenant does not throttle: do not wait for limits nobody keeps.
    const env = { PARLEY_RATE_SHARE: '100' }
    return askPython(environment!.python, join(import.meta.dirname, 'scale_planner.py'), request, env)
  }

  it(`holds ${TEAMS} teams, and warns above 75 % of the bound`, { timeout: 5 * MINUTES }, async () => {
    const first = await plan()
    expect(first.error).toBeNull()
    const next = await plan(0, {}, first.closed)
    expect(next.error).toBeNull()
    console.log(
      `${TEAMS} teams: offset ${first.bytes} bytes, closed ${first.closed_bytes}; planned in ${first.seconds.toFixed(1)} s while all are new and asked, then in ${next.seconds.toFixed(1)} s; ${first.tasks} tasks`,
    )
    for (const { bytes, closed_bytes, windows, warned } of [first, next]) {
      expect(Math.max(bytes, closed_bytes)).toBeLessThan(MAX_OFFSET_BYTES)
      expect(windows).toBe(TEAMS)
      expect(warned, 'above 48 KB').toBe(true)
    }
    closed = next.closed
    room = next.room
  })

  it('takes as many as fit; one more is an error that names shard, which goes on', {
    timeout: 5 * MINUTES,
  }, async () => {
    const most = await plan(room)
    expect(most.error).toBeNull()
    expect(most.windows).toBe(TEAMS + room)
    expect(most.bytes).toBeGreaterThan(MAX_OFFSET_BYTES - 16)
    const over = await plan(1)
    console.log(`${TEAMS + room} teams: offset ${most.bytes} bytes; one more: ${over.error?.text}`)
    expect(over.error?.code).toBe('PARLEY_OFFSET_TOO_LARGE')
    expect(over.error?.text).toContain('shard: i/n')
    const half = await plan(0, { shard: '0/2' }, null)
    const other = await plan(0, { shard: '1/2' }, null)
    expect([half.error, other.error, half.warned, other.warned]).toEqual([null, null, false, false])
    expect(half.windows + other.windows).toBe(TEAMS + room + 1)
  })
})
