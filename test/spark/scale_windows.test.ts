import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bundleSource } from '../../pipeline/bundle/bundle_source.ts'
import { startTeamsSimulator, type TeamsSimulator } from '../../sources/microsoft_teams/simulator/index.ts'

const TEAMS = 6

describe('the windows of one task', () => {
  let folder: string
  let simulator: TeamsSimulator

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-windows-'))
    const { code } = await bundleSource({ module: 'sources/microsoft_teams/index.ts', name: 'microsoftTeams' })
    await writeFile(join(folder, 'teams.mjs'), code)
  })

  afterEach(() => simulator?.close())

  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Reads every team by one child, in pages of 5 rows. */
  async function read(share: string): Promise<{ rows: string[]; error: { code: string } | undefined }> {
    const until = simulator.clock.now() - 60_000
    const windows = teams().map((id) => ({ partition: { id, team_id: id }, since: null, until }))
    const options = { ...simulator.connection, read_mode: 'export', page_size: '5' }
    const env = { ...process.env, PARLEY_RATE_SHARE: share }
    const child = spawn(process.execPath, [join(folder, 'teams.mjs')], { env })
    child.stdin.write(`${JSON.stringify({ v: 1, op: 'read', table: 'messages', options, windows, refused: 'fail' })}\n`)
    const [out, said] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, 'close')])
    const lines = said.split('\n').filter(Boolean)
    const error = lines.map((line) => JSON.parse(line)).find(({ type }) => type === undefined)
    const rows = error === undefined ? tableFromIPC(out).toArray() : []
    return { rows: rows.map((row) => `${row.team_id}/${row.channel_id}/${row.id}`), error }
  }

  const teams = () => simulator.truth.teams().map(({ id }) => id)
  const roots = () =>
    [...simulator.truth.messages()]
      .filter(({ json }) => json.replyToId === null)
      .map(({ team_id, channel_id, id }) => `${team_id}/${channel_id}/${id}`)

  /** How many teams were being read at the same moment, at most: between the first and the last page of each. */
  function atOnce(): number {
    const pages = simulator.log.filter(({ route }) => route === 'export').map(({ path }) => path)
    const open = pages.map((_, at) => teams().filter((team) => isBeingRead(pages, team, at)).length)
    return Math.max(...open)
  }

  const start = async (throttle: 'documented' | 'off') => {
    const generated = { teams: TEAMS, channelsPerTeam: 1, messagesPerChannel: 40, days: 20 }
    simulator = await startTeamsSimulator({ throttle, dataset: { generated } })
  }

  it('are read one after the other where no limit holds one back', async () => {
    await start('off')
    const { rows } = await read('100')
    expect(rows.toSorted()).toEqual(roots().toSorted())
    expect(atOnce()).toBe(1)
  })

  it('are read side by side while limits of single teams hold them back', async () => {
    await start('documented')
    const { rows } = await read('1')
    expect(rows.toSorted()).toEqual(roots().toSorted())
    expect(atOnce()).toBeGreaterThanOrEqual(TEAMS / 2)
  })

  it('end together when one of them refuses', async () => {
    await start('documented')
    simulator.mutate.refuseTeam(teams()[1]!)
    const { error } = await read('1')
    expect(error?.code).toBe('PARLEY_PERMISSION_MISSING')
  })
})

function isBeingRead(pages: readonly string[], team: string, at: number): boolean {
  const ofTeam = (path: string) => path.includes(team)
  return pages.findIndex(ofTeam) <= at && at <= pages.findLastIndex(ofTeam)
}
