import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ModesWorld } from '../support/modes_world.ts'

let world: ModesWorld
beforeEach(() => {
  world = new ModesWorld()
})
afterEach(() => world.close())

const days = (count: number) => count * 86_400_000

describe.each(['delta', 'list'])('channels read by %s', (mode) => {
  it('bring replies that do not fit into the page of their thread', async () => {
    await world.start({ inlineReplies: 3, mutateDuringWalk: { every: 4, max: 20 } })
    expect((await world.by(mode)).errors).toEqual([])
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    expect(world.requests('replies')).toBeGreaterThan(0)
    await world.expectTruth()
  })

  it('whose list has no order are walked until two walks agree', async () => {
    await world.start({ listOrder: 'shuffled', mutateDuringWalk: { every: 6, max: 8 } })
    await world.by(mode)
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
  })

  it('keep the rows of one that is refused, and catch up', async () => {
    const { truth, mutate } = await world.start()
    await world.by(mode)
    const { id: team_id, channels } = truth.teams()[0]!
    const channel_id = channels[1]!.id
    mutate.refuseChannel(team_id, channel_id)
    world.change(30, { team_id })
    world.later()
    const { status, errors } = await world.by(mode)
    expect(status).toBe('partial')
    expect(errors.map(({ partition, code }) => [partition, code])).toContainEqual([
      `${team_id}/${channel_id}`,
      'PARLEY_PERMISSION_MISSING',
    ])
    mutate.allowChannel(team_id, channel_id)
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
  })

  it('find new ones, and take one for gone after two looks; its rows stay', async () => {
    const { truth, mutate } = await world.start()
    await world.by(mode)
    const rows = (await world.query<{ n: number }>('SELECT count(*)::INTEGER AS n FROM microsoft_teams.messages'))[0]!.n
    const { id: team_id, channels } = truth.teams()[0]!
    mutate.removeChannel(team_id, channels[1]!.id)
    const created = mutate.newChannel({ team_id })
    mutate.newRoot(created)
    world.later()
    expect((await world.by(mode)).status).toBe('partial')
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    const states = new Map((await world.coverage()).map(({ partition, state }) => [partition, state]))
    expect(states.get(`${team_id}/${channels[1]!.id}`)).toBe('gone')
    expect(states.get(`${team_id}/${created.channel_id}`)).toBe('ok')
    const now = (await world.query<{ n: number }>('SELECT count(*)::INTEGER AS n FROM microsoft_teams.messages'))[0]!.n
    expect(now).toBe(rows + 1)
  })

  it('of a team that does not list them are reported with the team', async () => {
    const { truth, mutate } = await world.start()
    await world.by(mode)
    const { id } = truth.teams()[0]!
    mutate.refuseTeam(id)
    world.later()
    const { status, errors } = await world.by(mode)
    expect(status).toBe('partial')
    expect(errors.map(({ partition }) => partition)).toContain(id)
    mutate.allowTeam(id)
    world.change(20, { team_id: id })
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
    expect((await world.coverage()).every(({ state }) => state === 'ok')).toBe(true)
  })

  it('are read but for one that the list does not name, and that is told', async () => {
    const { truth } = await world.start()
    const { id } = truth.teams()[0]!
    const fault = { kind: 'hostile_row' as const, set: { id: null } }
    world.simulator.setFaults({ rules: [{ route: 'channels', path: `**/${id}/**`, count: 1, fault }] })
    const { status, errors } = await world.by(mode)
    expect(status).toBe('partial')
    expect(errors).toMatchObject([{ partition: id, code: 'PARLEY_LIST_INCOMPLETE' }])
    expect(
      (await world.coverage()).filter(({ state }) => state === 'behind').map(({ partition }) => partition),
    ).toEqual(expect.arrayContaining([id]))
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
    expect((await world.coverage()).every(({ state }) => state === 'ok')).toBe(true)
  })

  it('lose nothing when dates are narrowed and widened between runs', async () => {
    const { clock } = await world.start()
    const iso = (ms: number) => new Date(ms).toISOString()
    const stop = new AbortController()
    let pages = 0
    // Broken off in the middle, with an end in the past.
    await world.sync({
      options: { read_mode: mode, end_date: iso(clock.now() - days(100)), page_size: '20' },
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'page' && ++pages === 9) stop.abort(new DOMException('stop', 'AbortError'))
      },
    })
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
    world.change(20)
    world.later()
    // A later start leaves changes out, and says nothing of them.
    expect((await world.by(mode, { start_date: iso(clock.now() - 1_000) })).status).toBe('ok')
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
  })

  it('are not stuck by a thread that is gone while its replies are read', async () => {
    await world.start({ inlineReplies: 2 })
    world.simulator.setFaults({ rules: [{ route: 'replies', fault: { kind: 'status', status: 404 } }] })
    expect((await world.by(mode)).status).not.toBe('ok')
    world.simulator.setFaults(null)
    world.later()
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
  })

  it('honour start_date and end_date, and read the rest later', async () => {
    const { clock } = await world.start()
    const start_date = new Date(clock.now() - days(300)).toISOString()
    const end_date = new Date(clock.now() - days(30)).toISOString()
    expect((await world.by(mode, { start_date, end_date })).status).toBe('ok')
    const [range] = await world.query<{ low: string; high: string; n: number }>(
      'SELECT min(epoch_ms(lastModifiedDateTime)) AS low, max(epoch_ms(lastModifiedDateTime)) AS high, count(*)::INTEGER AS n FROM microsoft_teams.messages',
    )
    expect(Number(range!.low)).toBeGreaterThanOrEqual(Date.parse(start_date))
    expect(Number(range!.high)).toBeLessThan(Date.parse(end_date))
    expect(range!.n).toBeGreaterThan(50)
    expect((await world.by(mode)).status).toBe('ok')
    await world.expectTruth()
  })
})

describe('requests of delta', () => {
  const small = { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 100, days: 400 } }

  it('of a quiet channel are one', async () => {
    await world.start({ dataset: small })
    await world.by('delta')
    world.later()
    world.simulator.resetStats()
    await world.by('delta')
    expect([world.requests('delta'), world.requests('channel_messages')]).toEqual([1, 0])
  })

  it('leave the list alone where eight months hold all that is asked for', async () => {
    const { clock } = await world.start({ dataset: small })
    await world.by('delta', { start_date: new Date(clock.now() - days(200)).toISOString() })
    expect(world.requests('channel_messages')).toBe(0)
    expect(world.requests('delta')).toBeGreaterThan(0)
  })

  it('take history that is older from the list', async () => {
    await world.start({ dataset: small })
    await world.by('delta')
    expect(world.requests('channel_messages')).toBeGreaterThan(0)
    await world.expectTruth()
  })
})

describe('requests of list', () => {
  it('prove a list in order by one more page, not by one more walk', async () => {
    await world.start({ dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 900, days: 100 } } })
    await world.by('list')
    const roots = world.simulator.truth.counts().roots
    expect(world.requests('channel_messages')).toBe(Math.ceil(roots / 50) + 1)
  })
})

describe('a team whose channels cannot be listed', () => {
  it('is noted where one of them has no name; in place of the export the others are read, and it is told of', async () => {
    const { truth, mutate } = await world.start()
    const { id } = truth.teams()[0]!
    const fault = { kind: 'hostile_row' as const, set: { id: null } }
    world.simulator.setFaults({ rules: [{ route: 'channels', path: `**/${id}/**`, fault }] })
    expect((await world.by('auto')).status).toBe('ok')
    await world.expectTruth()
    expect((await world.coverage()).find(({ partition }) => partition === id)?.code).toBe('PARLEY_CHANNELS_UNKNOWN')
    mutate.refuseExport(id)
    world.change(20, { team_id: id })
    world.later()
    const partial = await world.by('auto')
    expect(partial.status).toBe('partial')
    expect(partial.errors).toMatchObject([{ partition: id, code: 'PARLEY_LIST_INCOMPLETE' }])
    const behind = (await world.coverage()).filter(({ state }) => state !== 'ok')
    expect(new Set(behind.map(({ partition }) => partition))).toEqual(new Set([id]))
    expect((await world.coverage()).some(({ code }) => code === 'PARLEY_READ_BY_CHANNEL')).toBe(true)
    world.simulator.setFaults(null)
    expect((await world.by('auto')).status).toBe('ok')
    await world.expectTruth()
    expect((await world.coverage()).every(({ state }) => state === 'ok')).toBe(true)
  })

  it('does not keep the others from being read', async () => {
    const { truth } = await world.start()
    const [first] = truth.teams()
    const fault = { kind: 'status', status: 400 } as const
    world.simulator.setFaults({ rules: [{ route: 'channels', path: `**/${first!.id}/**`, fault }] })
    const auto = await world.by('auto')
    expect(auto.status, JSON.stringify(auto.errors)).toBe('ok')
    await world.expectTruth()
    expect((await world.coverage()).find(({ partition }) => partition === first!.id)?.code).toBe(
      'PARLEY_CHANNELS_UNKNOWN',
    )
    const delta = await world.by('delta')
    expect(delta.status).toBe('partial')
    expect(delta.errors.map(({ partition }) => partition)).toEqual(expect.arrayContaining([first!.id]))
  })
})
