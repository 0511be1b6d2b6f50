import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DiscordSimulator, virtualClock } from '../../sources/discord/simulator/index.ts'
import { DISCORD_SOFT_TABLES, discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld, type WorldSync } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

const DAY = 86_400_000

let world: DiscordWorld
let simulator: DiscordSimulator
beforeEach(async () => {
  const size = { guilds: 2, channelsPerGuild: 2, messagesPerChannel: 90, threadsPerChannel: 2, forums: 1, members: 10 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
  simulator = world.simulator
})
afterEach(() => world.close())

async function sync(options: Record<string, string> = {}, more: WorldSync = {}) {
  const run = await world.sync({ tables: DISCORD_SOFT_TABLES, options: { page_size: '20', ...options }, ...more })
  expect(run.status, JSON.stringify(run.errors)).toBe('ok')
  return run
}

const ids = (rows: Iterable<{ id: string }>) => [...rows].map(({ id }) => id).toSorted()
const held = async () => ids(await query<{ id: string }>(world.database, 'SELECT id FROM discord.messages'))
const when = (ms: number) => new Date(ms).toISOString()
const written = ({ json }: { json: { timestamp?: unknown } }) => Date.parse(String(json.timestamp))
const messages = () => [...simulator.truth.messages()]
const expectEqual = async () =>
  expect(await discordDifferences(world.database, simulator, DISCORD_SOFT_TABLES)).toEqual({})

describe('start_date and end_date', () => {
  it('read what was written from the one to before the other, to the millisecond, in threads too', async () => {
    const all = messages()
    const [start, end] = [written(all[40]!), written(all[70]!)]
    await sync({ start_date: when(start), end_date: when(end) })
    expect(await held()).toEqual(ids(all.filter((one) => written(one) >= start && written(one) < end)))
    expect(changedRows(await sync({ start_date: when(start), end_date: when(end) }))).toBe(0)
  })

  it('edits and deletions of what was written before an end that has passed are seen inside the window', async () => {
    const now = simulator.clock.now()
    const window = { end_date: when(now - DAY) }
    await sync(window)
    const inside = messages().filter(
      (one) => written(one) < now - DAY && one.json.type === 0 && one.json.content !== '',
    )
    const [edited, deleted] = inside.slice(-2)
    simulator.mutate.edit(edited!)
    simulator.mutate.delete(deleted!)
    simulator.mutate.send()
    await sync(window)
    expect(await markedMessages(world.database)).toEqual([deleted!.id])
    const text = await query(world.database, `SELECT content FROM discord.messages WHERE id = '${edited!.id}'`)
    expect(text).toEqual([{ content: expect.stringMatching(/\(edited\)/) }])
    expect(changedRows(await sync(window))).toBe(0)
    await sync()
    await expectEqual()
  })

  it('that are moved apart later bring the rest, and mark nothing', async () => {
    const now = simulator.clock.now()
    const window = { start_date: when(now - 2 * DAY), end_date: when(now - DAY) }
    await sync(window)
    await sync({ ...window, end_date: when(now - DAY / 2) })
    expect(await held()).toEqual(
      ids(messages().filter((one) => written(one) >= now - 2 * DAY && written(one) < now - DAY / 2)),
    )
    await sync({ start_date: when(now - 4 * DAY), end_date: when(now - DAY / 2) })
    expect(await held()).toEqual(
      ids(messages().filter((one) => written(one) >= now - 4 * DAY && written(one) < now - DAY / 2)),
    )
    await sync()
    await expectEqual()
    // Narrowed again: what is outside stays as it is.
    await sync(window)
    expect(await markedMessages(world.database)).toEqual([])
    await expectEqual()
  })

  it('lowered while a walk is under way: nothing between is lost', async () => {
    const now = simulator.clock.now()
    const stop = new AbortController()
    let pages = 0
    const onEvent: WorldSync['onEvent'] = ({ type }) => {
      if (type === 'page' && ++pages === 8) stop.abort()
    }
    const options = { page_size: '10', start_date: when(now - 3 * DAY) }
    const broken = await world.sync({
      tables: DISCORD_SOFT_TABLES,
      options,
      onEvent,
      signal: stop.signal,
      unitRows: 20,
    })
    expect(broken.status).toBe('interrupted')
    await sync({ start_date: when(now - 4 * DAY) })
    expect(await held()).toEqual(ids(messages().filter((one) => written(one) >= now - 4 * DAY)))
    await sync()
    await expectEqual()
  })
})

describe('guild_id and channel_id', () => {
  it('read these guilds and channels only, with the threads below; widened they bring the rest', async () => {
    const [guild] = [...simulator.truth.guilds()]
    const parents = [...simulator.truth.channels({ guild_id: guild!.id })]
    const text = parents.find(({ json }) => json.type === 0)!
    const below = [...simulator.truth.threads({ guild_id: guild!.id })]
    const ofText = new Set([text.id, ...below.filter(({ json }) => json.parent_id === text.id).map(({ id }) => id)])
    expect(ofText.size).toBeGreaterThan(1)
    await sync({ channel_id: text.id })
    expect(await held()).toEqual(ids(messages().filter(({ channel_id }) => ofText.has(channel_id))))
    const thread = below.find(({ json }) => json.parent_id !== text.id)!
    await sync({ channel_id: `${text.id},${thread.id}` })
    const both = new Set([...ofText, thread.id])
    expect(await held()).toEqual(ids(messages().filter(({ channel_id }) => both.has(channel_id))))
    await sync({ guild_id: guild!.id })
    expect(await held()).toEqual(ids(simulator.truth.messages({ guild_id: guild!.id })))
    await sync()
    await expectEqual()
    // Narrowed again, with what is outside deleted meanwhile: nobody looked there.
    simulator.mutate.delete(messages().find(({ guild_id }) => guild_id !== guild!.id)!)
    await sync({ guild_id: guild!.id })
    expect(await markedMessages(world.database)).toEqual([])
  })
})

describe('time', () => {
  it('two syncs in one second: the second changes nothing, and nothing between them is lost', async () => {
    await world.close()
    world = await DiscordWorld.start({ clock: virtualClock(), dataset: { sample: true } })
    simulator = world.simulator
    const options = { edit_rescan_window: '0s', lookback_seconds: '0' }
    const tables = ['messages']
    await world.syncNow({ tables, options })
    const now = simulator.clock.now()
    const { channel_id } = messages()[0]!
    const between = [0, 400, 999].map((ms) => simulator.mutate.send({ channel_id, at: now + ms }))
    const again = await world.syncNow({ tables, options })
    expect([again.status, changedRows(again)]).toEqual(['ok', 0])
    await sync(options, { tables })
    const found = await held()
    expect(between.filter(({ id }) => !found.includes(id))).toEqual([])
  })

  it('--full reads all of it again, changes nothing that is as it was, and finds what was deleted long ago', async () => {
    const options = { edit_rescan_window: '1d' }
    await sync(options)
    const old = messages()[3]!
    simulator.mutate.delete(old)
    const edited = simulator.mutate.edit(messages()[5]!)
    expect(changedRows(await sync(options))).toBe(0)
    const full = await sync(options, { full: true })
    expect(full.tables.find(({ table }) => table === 'messages')!.read).toBe(messages().length)
    expect(await markedMessages(world.database)).toEqual([old.id])
    expect(await query(world.database, `SELECT content FROM discord.messages WHERE id = '${edited.id}'`)).toMatchObject(
      [{ content: expect.stringContaining('(edited)') }],
    )
    await expectEqual()
    expect(changedRows(await sync(options, { full: true }))).toBe(0)
  })
})
