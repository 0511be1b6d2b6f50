import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { virtualClock } from '../../sources/microsoft_teams/simulator/index.ts'
import { ModesWorld } from '../support/modes_world.ts'
import type { InProcessSync } from '../support/sync_in_process.ts'
import { changedRows } from '../support/tenant.ts'

let world: ModesWorld
beforeEach(() => {
  world = new ModesWorld()
})
afterEach(() => world.close())

describe.each(['export', 'delta', 'list'])('read_mode %s', (mode) => {
  it('equals the truth with changes during the walk, and a quiet sync changes nothing', async () => {
    await world.start({ mutateDuringWalk: { every: 3, max: 20 }, sharedChannels: 1 })
    expect((await world.by(mode)).errors).toEqual([])
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth(mode === 'export' ? 'exported' : 'all')
    world.later()
    expect(changedRows(await world.by(mode))).toBe(0)
  })

  it('brings ten changes, late replies to old messages among them', async () => {
    await world.start()
    await world.by(mode)
    world.later()
    const old = [...world.simulator.truth.messages()].find(({ json }) => json.replyToId === null && json.from !== null)!
    world.simulator.mutate.newReply({ team_id: old.team_id, channel_id: old.channel_id, id: old.id })
    world.change(9)
    world.later()
    const { status } = await world.by(mode)
    expect(status).toBe('ok')
    await world.expectTruth()
  })

  it('goes on after every page', async () => {
    await world.start({ dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 160, days: 500 } } })
    // A run of two pages ends in the middle of everything; the last one is left to its end.
    for (let run = 0; run < 15; run++) {
      const stop = new AbortController()
      let pages = 0
      const onEvent: InProcessSync['onEvent'] = (event) => {
        if (event.type === 'page' && ++pages === 2) stop.abort(new DOMException('stop', 'AbortError'))
      }
      await world.sync({ options: { read_mode: mode, page_size: '10' }, signal: stop.signal, onEvent })
    }
    expect((await world.sync({ options: { read_mode: mode, page_size: '10' } })).status).toBe('ok')
    await world.expectTruth()
  })
})

describe('tokens of delta', () => {
  it.each(['gone', 'bad_request', 'not_found'] as const)(
    'that end (%s) cost one walk over the channel',
    async (deltaExpiry) => {
      await world.start({ deltaTokenSeconds: 3600, deltaExpiry })
      await world.by('delta')
      world.later(2 * 3_600_000)
      world.change(10)
      world.later()
      expect((await world.by('delta')).status).toBe('ok')
      await world.expectTruth()
    },
  )

  it('may bring rows again, and pages without rows', async () => {
    await world.start({ deltaReplays: 0.3, mutateDuringWalk: { every: 4, max: 20 } })
    await world.by('delta')
    world.later()
    expect((await world.by('delta')).status).toBe('ok')
    await world.expectTruth()
  })

  it('that lead in a circle do not lose the channel', async () => {
    await world.start()
    await world.by('delta')
    world.later()
    world.change(10)
    world.later()
    world.simulator.setFaults({ rules: [{ route: 'delta', every: 2, count: 30, fault: { kind: 'empty_page' } }] })
    await world.by('delta')
    world.simulator.setFaults({ rules: [{ route: 'delta', count: 20, fault: { kind: 'repeat_link' } }] })
    await world.by('delta')
    world.simulator.setFaults(null)
    world.later()
    expect((await world.by('delta')).status).toBe('ok')
    await world.expectTruth()
  })

  it('are not needed where delta is not offered: auto takes the list, delta says so', async () => {
    await world.start({ delta: 'unsupported', sharedChannels: 1 })
    const refused = await world.by('delta')
    expect(refused.status).toBe('failed')
    expect(new Set(refused.errors.map(({ code }) => code))).toEqual(new Set(['PARLEY_DELTA_UNSUPPORTED']))
    rmSync(world.database)
    expect((await world.by('auto')).status).toBe('ok')
    await world.expectTruth()
  })
})

describe('auto', () => {
  it('reads shared channels, which the export leaves out, one by one, and says so', async () => {
    await world.start({ sharedChannels: 2 })
    expect((await world.by('auto')).status).toBe('ok')
    await world.expectTruth()
    const shared = (await world.coverage()).filter(({ code }) => code === 'PARLEY_SHARED_CHANNEL')
    expect(shared.length).toBe(2)
    expect(shared.every(({ params }) => JSON.parse(params!).read_mode === 'delta')).toBe(true)
  })

  it('reads a team channel by channel while its export says no, and by export again', async () => {
    await world.start()
    const [first] = world.simulator.truth.teams()
    world.simulator.mutate.refuseExport(first!.id)
    expect((await world.by('auto')).status).toBe('ok')
    await world.expectTruth()
    expect((await world.coverage()).filter(({ code }) => code === 'PARLEY_READ_BY_CHANNEL').length).toBe(
      first!.channels.length,
    )
    world.later()
    world.simulator.mutate.random({ team_id: first!.id })
    world.simulator.mutate.allowExport(first!.id)
    world.change(10, { team_id: first!.id })
    world.later()
    world.simulator.resetStats()
    const back = await world.by('auto')
    expect(back.status).toBe('ok')
    expect(changedRows(back)).toBeLessThanOrEqual(11)
    await world.expectTruth()
    // What the channels had read is not read again.
    expect(world.requests('delta')).toBe(0)
    expect(world.requests('export')).toBeLessThanOrEqual(2 * world.simulator.truth.teams().length)
    expect((await world.coverage()).every(({ code, state }) => code === null && state === 'ok')).toBe(true)
  })

  it('refuses a team whose channels say no as well', async () => {
    await world.start()
    const [first] = world.simulator.truth.teams()
    world.simulator.mutate.refuseTeam(first!.id)
    const { status, errors } = await world.by('auto')
    expect(status).toBe('partial')
    expect(errors.map(({ partition }) => partition)).toEqual(expect.arrayContaining([first!.id]))
    world.simulator.mutate.allowTeam(first!.id)
    world.later()
    expect((await world.by('auto')).status).toBe('ok')
    await world.expectTruth()
  })
})

describe('modes hand over by time', () => {
  const ways = ['export', 'delta', 'list', 'auto']
  it.each(ways.flatMap((a) => ways.filter((b) => b !== a).map((b) => [a, b] as const)))(
    'from %s to %s',
    async (from, to) => {
      await world.start({ dataset: { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 80, days: 100 } } })
      await world.by(from)
      world.change(15)
      world.later()
      expect((await world.by(to)).status).toBe('ok')
      await world.expectTruth()
      world.change(15)
      world.later()
      expect((await world.by(from)).status).toBe('ok')
      await world.expectTruth()
      expect((await world.coverage()).every(({ state }) => state === 'ok')).toBe(true)
    },
  )
})

const small = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 160, days: 500 }

describe.each(['export', 'delta', 'list'])('links of read_mode %s', (mode) => {
  it('to another host are not followed, and do not stop the next run', async () => {
    await world.start()
    const elsewhere = 'http://127.0.0.1:9'
    world.simulator.setFaults({ rules: [{ nth: [3, 5], fault: { kind: 'foreign_link', origin: elsewhere } }] })
    await world.by(mode)
    world.simulator.setFaults({ rules: [{ fault: { kind: 'foreign_link', origin: elsewhere } }] })
    world.later()
    const { status, errors } = await world.by(mode)
    if (status !== 'ok') expect(errors.map(({ code }) => code)).toContain('PARLEY_FOREIGN_LINK')
    world.simulator.setFaults(null)
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
  })

  it('that belong to another base URL are asked anew', async () => {
    await world.start({ dataset: { generated: small }, clock: virtualClock() })
    const stop = new AbortController()
    let pages = 0
    const onEvent: InProcessSync['onEvent'] = (event) => {
      if (event.type === 'page' && ++pages === 3) stop.abort(new DOMException('stop', 'AbortError'))
    }
    await world.sync({ options: { read_mode: mode, page_size: '10' }, signal: stop.signal, onEvent })
    // The same tenant at another address, as behind another proxy.
    await world.start({ dataset: { generated: small }, clock: virtualClock() })
    const moved = await world.sync({ options: { read_mode: mode, page_size: '10' } })
    expect(moved.status, JSON.stringify(moved.errors)).toBe('ok')
    await world.expectTruth()
  })
})
