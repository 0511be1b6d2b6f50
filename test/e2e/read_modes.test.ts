import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import {
  realClock,
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../sources/microsoft_teams/simulator/index.ts'
import { type InProcessSync, syncInProcess } from '../support/sync_in_process.ts'
import { changedRows, LATER_MS } from '../support/tenant.ts'
import { compareWithTruth, equal } from '../support/truth.ts'

const generated = { generated: { teams: 3, channelsPerTeam: 2, messagesPerChannel: 200, days: 500 } }
let folder: string
let database: string
let simulator: TeamsSimulator

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  simulator = await startTeamsSimulator({ throttle: 'off', clock: realClock(), dataset: generated, ...options })
}

const sync = (more: Partial<InProcessSync> = {}) => syncInProcess({ simulator, database, ...more })
const by = (read_mode: string) => sync({ options: { read_mode } })

function later(ms = LATER_MS): void {
  simulator.clock.advance(ms)
}

async function expectTruth(channels: 'all' | 'exported' = 'all'): Promise<void> {
  const difference = await compareWithTruth(database, simulator, 'microsoft_teams', channels)
  expect(difference, difference.examples.join('\n')).toMatchObject(equal)
  expect(difference.rows).toBeGreaterThan(0)
}

async function coverage(): Promise<Record<string, string | null>[]> {
  const { connection, close } = await openDatabase(database, { readOnly: true, sleep: async () => {} })
  try {
    const sql = `SELECT "partition", params, state, code FROM parley.coverage WHERE job = 'microsoft_teams.messages'`
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, string | null>[]
  } finally {
    close()
  }
}

function requests(route: string): number {
  return Object.values(simulator.stats().byRoute[route] ?? {}).reduce((sum, count) => sum + count, 0)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-modes-'))
  database = join(folder, 'lake.duckdb')
})
afterEach(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(['export', 'delta', 'list'])('read_mode %s', (mode) => {
  it('equals the truth with changes during the walk, and a quiet sync changes nothing', async () => {
    await start({ mutateDuringWalk: { every: 3, max: 20 }, sharedChannels: 1 })
    expect((await by(mode)).errors).toEqual([])
    later()
    expect((await by(mode)).status).toBe('ok')
    await expectTruth(mode === 'export' ? 'exported' : 'all')
    later()
    expect(changedRows(await by(mode))).toBe(0)
  })

  it('brings ten changes, late replies to old messages among them', async () => {
    await start()
    await by(mode)
    later()
    const old = [...simulator.truth.messages()].find(({ json }) => json.replyToId === null && json.from !== null)!
    simulator.mutate.newReply({ team_id: old.team_id, channel_id: old.channel_id, id: old.id })
    for (let change = 0; change < 9; change++) simulator.mutate.random()
    later()
    const { status } = await by(mode)
    expect(status).toBe('ok')
    await expectTruth()
  })

  it('goes on after every page', async () => {
    await start({ dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 160, days: 500 } } })
    // A run of two pages ends in the middle of everything; the last one is left to its end.
    for (let run = 0; run < 15; run++) {
      const stop = new AbortController()
      let pages = 0
      const onEvent: InProcessSync['onEvent'] = (event) => {
        if (event.type === 'page' && ++pages === 2) stop.abort(new DOMException('stop', 'AbortError'))
      }
      await sync({ options: { read_mode: mode, page_size: '10' }, signal: stop.signal, onEvent })
    }
    expect((await sync({ options: { read_mode: mode, page_size: '10' } })).status).toBe('ok')
    await expectTruth()
  })
})

describe('tokens of delta', () => {
  it.each(['gone', 'bad_request', 'not_found'] as const)(
    'that end (%s) cost one walk over the channel',
    async (deltaExpiry) => {
      await start({ deltaTokenSeconds: 3600, deltaExpiry })
      await by('delta')
      later(2 * 3_600_000)
      for (let change = 0; change < 10; change++) simulator.mutate.random()
      later()
      expect((await by('delta')).status).toBe('ok')
      await expectTruth()
    },
  )

  it('may bring rows again, and pages without rows', async () => {
    await start({ deltaReplays: 0.3, mutateDuringWalk: { every: 4, max: 20 } })
    await by('delta')
    later()
    expect((await by('delta')).status).toBe('ok')
    await expectTruth()
  })

  it('that lead in a circle do not lose the channel', async () => {
    await start()
    await by('delta')
    later()
    for (let change = 0; change < 10; change++) simulator.mutate.random()
    later()
    simulator.setFaults({ rules: [{ route: 'delta', every: 2, count: 30, fault: { kind: 'empty_page' } }] })
    await by('delta')
    simulator.setFaults({ rules: [{ route: 'delta', count: 20, fault: { kind: 'repeat_link' } }] })
    await by('delta')
    simulator.setFaults(null)
    later()
    expect((await by('delta')).status).toBe('ok')
    await expectTruth()
  })

  it('are not needed where delta is not offered: auto takes the list, delta says so', async () => {
    await start({ delta: 'unsupported', sharedChannels: 1 })
    const refused = await by('delta')
    expect(refused.status).toBe('failed')
    expect(new Set(refused.errors.map(({ code }) => code))).toEqual(new Set(['PARLEY_DELTA_UNSUPPORTED']))
    rmSync(database)
    expect((await by('auto')).status).toBe('ok')
    await expectTruth()
  })
})

describe('auto', () => {
  it('reads shared channels, which the export leaves out, one by one, and says so', async () => {
    await start({ sharedChannels: 2 })
    expect((await by('auto')).status).toBe('ok')
    await expectTruth()
    const shared = (await coverage()).filter(({ code }) => code === 'PARLEY_SHARED_CHANNEL')
    expect(shared.length).toBe(2)
    expect(shared.every(({ params }) => JSON.parse(params!).read_mode === 'delta')).toBe(true)
  })

  it('reads a team channel by channel while its export says no, and by export again', async () => {
    await start()
    const [first] = simulator.truth.teams()
    simulator.mutate.refuseExport(first!.id)
    expect((await by('auto')).status).toBe('ok')
    await expectTruth()
    expect((await coverage()).filter(({ code }) => code === 'PARLEY_READ_BY_CHANNEL').length).toBe(
      first!.channels.length,
    )
    later()
    simulator.mutate.random({ team_id: first!.id })
    simulator.mutate.allowExport(first!.id)
    for (let change = 0; change < 10; change++) simulator.mutate.random({ team_id: first!.id })
    later()
    simulator.resetStats()
    const back = await by('auto')
    expect(back.status).toBe('ok')
    expect(changedRows(back)).toBeLessThanOrEqual(11)
    await expectTruth()
    // What the channels had read is not read again.
    expect(requests('delta')).toBe(0)
    expect(requests('export')).toBeLessThanOrEqual(2 * simulator.truth.teams().length)
    expect((await coverage()).every(({ code, state }) => code === null && state === 'ok')).toBe(true)
  })

  it('refuses a team whose channels say no as well', async () => {
    await start()
    const [first] = simulator.truth.teams()
    simulator.mutate.refuseTeam(first!.id)
    const { status, errors } = await by('auto')
    expect(status).toBe('partial')
    expect(errors.map(({ partition }) => partition)).toEqual(expect.arrayContaining([first!.id]))
    simulator.mutate.allowTeam(first!.id)
    later()
    expect((await by('auto')).status).toBe('ok')
    await expectTruth()
  })
})

describe('modes hand over by time', () => {
  const ways = ['export', 'delta', 'list', 'auto']
  it.each(ways.flatMap((a) => ways.filter((b) => b !== a).map((b) => [a, b] as const)))(
    'from %s to %s',
    async (from, to) => {
      await start({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 80, days: 100 } } })
      await by(from)
      for (let change = 0; change < 15; change++) simulator.mutate.random()
      later()
      expect((await by(to)).status).toBe('ok')
      await expectTruth()
      for (let change = 0; change < 15; change++) simulator.mutate.random()
      later()
      expect((await by(from)).status).toBe('ok')
      await expectTruth()
      expect((await coverage()).every(({ state }) => state === 'ok')).toBe(true)
    },
  )
})

const small = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 160, days: 500 }

describe.each(['export', 'delta', 'list'])('links of read_mode %s', (mode) => {
  it('to another host are not followed, and do not stop the next run', async () => {
    await start()
    const elsewhere = 'http://127.0.0.1:9'
    simulator.setFaults({ rules: [{ nth: [3, 5], fault: { kind: 'foreign_link', origin: elsewhere } }] })
    await by(mode)
    simulator.setFaults({ rules: [{ fault: { kind: 'foreign_link', origin: elsewhere } }] })
    later()
    const { status, errors } = await by(mode)
    if (status !== 'ok') expect(errors.map(({ code }) => code)).toContain('PARLEY_FOREIGN_LINK')
    simulator.setFaults(null)
    later()
    expect((await by(mode)).status).toBe('ok')
    await expectTruth()
  })

  it('that belong to another base URL are asked anew', async () => {
    await start({ dataset: { generated: small }, clock: virtualClock() })
    const stop = new AbortController()
    let pages = 0
    const onEvent: InProcessSync['onEvent'] = (event) => {
      if (event.type === 'page' && ++pages === 3) stop.abort(new DOMException('stop', 'AbortError'))
    }
    await sync({ options: { read_mode: mode, page_size: '10' }, signal: stop.signal, onEvent })
    // The same tenant at another address, as behind another proxy.
    await simulator.close()
    await start({ dataset: { generated: small }, clock: virtualClock() })
    const moved = await sync({ options: { read_mode: mode, page_size: '10' } })
    expect(moved.status, JSON.stringify(moved.errors)).toBe('ok')
    await expectTruth()
  })
})
