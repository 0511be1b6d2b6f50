import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { query } from '../../support/query.ts'
import { syncInProcess } from '../../support/sync_in_process.ts'
import { compareWithTruth, equal } from '../../support/truth.ts'

let simulator: TeamsSimulator
const folder = mkdtempSync(join(tmpdir(), 'parley-instead-'))
afterEach(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each([20_000, 10])(
  'a team whose export says no in the middle of its first read leaves no line behind (units of %i)',
  async (unitRows) => {
    const generated = { teams: 1, channelsPerTeam: 2, messagesPerChannel: 60 }
    simulator = await startTeamsSimulator({ throttle: 'off', clock: virtualClock(), dataset: { generated } })
    const database = join(folder, `lake-${unitRows}.duckdb`)
    const [team] = simulator.truth.teams()
    const onEvent = ({ type }: { type: string }) => type === 'page' && simulator.mutate.refuseExport(team!.id)
    const result = await syncInProcess({ simulator, database, unitRows, options: { page_size: '10' }, onEvent })
    expect(result.status).toBe('ok')
    expect(await compareWithTruth(database, simulator)).toMatchObject(equal)
    const lines = await query<{ state: string; code: string }>(database, 'SELECT state, code FROM parley.coverage')
    // Two channels in two tables, and nothing else.
    expect(lines).toEqual(Array.from({ length: 4 }, () => ({ state: 'ok', code: 'PARLEY_READ_BY_CHANNEL' })))
  },
)

it('a team whose list names not all its channels is told of, beside those that are read in its place', async () => {
  const generated = { teams: 1, channelsPerTeam: 2, messagesPerChannel: 20 }
  simulator = await startTeamsSimulator({ throttle: 'off', clock: virtualClock(), dataset: { generated } })
  const database = join(folder, 'lake-incomplete.duckdb')
  const [team] = simulator.truth.teams()
  simulator.mutate.refuseExport(team!.id)
  const fault = { kind: 'hostile_row' as const, row: 1, set: { id: null } }
  simulator.setFaults({ rules: [{ route: 'channels', path: `**/${team!.id}/**`, count: 1, fault }] })
  const first = await syncInProcess({ simulator, database })
  expect(first.status).toBe('partial')
  expect(first.errors).toMatchObject([{ partition: team!.id, code: 'PARLEY_LIST_INCOMPLETE' }])
  const lines = 'SELECT DISTINCT partition, state, code FROM parley.coverage ORDER BY length(partition)'
  const named = { state: 'ok', code: 'PARLEY_READ_BY_CHANNEL' }
  expect(await query(database, lines)).toEqual([
    { partition: team!.id, state: 'behind', code: 'PARLEY_LIST_INCOMPLETE' },
    { partition: `${team!.id}/${team!.channels[0]!.id}`, ...named },
  ])
  expect((await syncInProcess({ simulator, database })).status).toBe('ok')
  expect(await compareWithTruth(database, simulator)).toMatchObject(equal)
  expect(await query(database, lines)).toMatchObject([named, named])
})
