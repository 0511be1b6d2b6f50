import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SyncEstimate } from '../../pipeline/sync/estimate_types.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import type { DiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { afterAnswer } from '../support/after_answer.ts'
import { parley } from '../support/cli.ts'
import { DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

const GONE = 'PARLEY_PARTITION_NOT_FOUND'
const DENIED = 'PARLEY_DISCORD_PERMISSION_MISSING'
const TABLES = ['messages', 'message_reactions', 'attachments', 'pins', 'threads', 'channels']
const FORUM = 15

interface Place {
  guild_id: string
  id: string
  json: { type: number; parent_id: string | null }
}

let world: DiscordWorld
let simulator: DiscordSimulator
beforeEach(async () => {
  const size = { guilds: 2, channelsPerGuild: 5, messagesPerChannel: 5, threadsPerChannel: 2, forums: 1, members: 5 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
  simulator = world.simulator
})
afterEach(() => world.close())

const places = (rows: Iterable<object>) => [...rows] as unknown as Place[]
const guilds = () => [...simulator.truth.guilds()].map(({ id }) => id) as [string, string]
const channels = (guild_id: string, type = 0) =>
  places(simulator.truth.channels({ guild_id })).filter(({ json }) => json.type === type)
const threads = (parent: Place) =>
  places(simulator.truth.threads({ guild_id: parent.guild_id })).filter(({ json }) => json.parent_id === parent.id)
const remove = ({ guild_id, id }: Place) => simulator.mutate.deleteChannel({ guild_id, channel_id: id })
const hide = ({ guild_id, id }: Place) => simulator.mutate.hideChannel({ guild_id, channel_id: id })

const sync = (options: Record<string, string>, tables: readonly string[] = TABLES) => world.sync({ tables, options })
const told = ({ errors }: RunResult) => errors.map(({ partition, code }) => [partition, code]).toSorted()

/** State of a partition in each job that knows it, and how many messages of it are marked. */
async function stateOf({ id }: Place) {
  const lines = await query<{ state: string; code: string | null }>(
    world.database,
    `SELECT DISTINCT state, code FROM parley.coverage WHERE "partition" = '${id}'`,
  )
  const [counted] = await query<{ marked: string; held: string }>(
    world.database,
    `SELECT count(*) AS held, count(deleted_at) AS marked FROM discord.messages WHERE channel_id = '${id}'`,
  )
  const { held, marked } = counted!
  return { lines, marked: marked === '0' ? 'none' : marked === held ? 'all' : 'some' }
}
const ok = { lines: [{ state: 'ok', code: null }], marked: 'none' }
const gone = { lines: [{ state: 'gone', code: GONE }], marked: 'all' }
const refused = { lines: [{ state: 'refused', code: DENIED }], marked: 'none' }

describe('with guild_id', () => {
  it('a channel that was deleted is gone at the second look with its threads, one that was hidden refused', async () => {
    const [guild_id] = guilds()
    const [deleted, hidden] = channels(guild_id) as [Place, Place]
    const [below] = threads(deleted) as [Place]
    await sync({ guild_id })
    remove(deleted)
    hide(hidden)
    const first = await sync({ guild_id })
    expect(first.status).toBe('partial')
    expect(told(first)).toContainEqual([deleted.id, GONE])
    expect(told(first)).toContainEqual([hidden.id, DENIED])
    expect(await stateOf(deleted)).toMatchObject({ marked: 'none' })
    await sync({ guild_id })
    expect(await stateOf(deleted)).toEqual(gone)
    expect(await stateOf(below)).toEqual(gone)
    expect(await stateOf(hidden)).toEqual(refused)
    const pins = `SELECT count(*) AS n FROM discord.pins WHERE channel_id = '${deleted.id}'`
    expect(await query(world.database, pins)).toEqual([{ n: '0' }])
    simulator.mutate.showChannel({ guild_id, channel_id: hidden.id })
    expect(await sync({ guild_id })).toMatchObject({ status: 'ok', errors: [] })
  })

  it('what lies in other guilds is not looked for', async () => {
    const [guild_id, other] = guilds()
    const [deleted, hidden] = channels(other) as [Place, Place]
    await sync({})
    remove(deleted)
    hide(hidden)
    for (let run = 0; run < 2; run++) expect((await sync({ guild_id })).status).toBe('ok')
    expect(await stateOf(deleted)).toEqual(ok)
    expect(await stateOf(hidden)).toEqual(ok)
  })

  it('a guild whose channels are not told, or whose threads are not, counts for nothing', async () => {
    const [guild_id] = guilds()
    const [deleted] = channels(guild_id) as [Place]
    await sync({ guild_id })
    remove(deleted)
    for (const route of ['channels', 'active_threads']) {
      simulator.setFaults({ rules: [{ route, path: `**/${guild_id}/**`, fault: { kind: 'status', status: 500 } }] })
      const connection = { max_attempts: 1 }
      const run = await world.sync({ tables: ['messages'], options: { guild_id }, connection })
      expect(told(run).map(([id]) => id)).toEqual([`${guild_id}/guild`])
      simulator.setFaults({ rules: [] })
    }
    simulator.mutate.kickBot({ guild_id })
    expect(told(await sync({ guild_id }, ['messages']))).toEqual([[`${guild_id}/guild`, DENIED]])
    const line = `SELECT state FROM parley.coverage WHERE "partition" = '${deleted.id}' AND job = 'discord.messages'`
    expect(await query(world.database, line)).toEqual([{ state: 'ok' }])
  })

  it('a dry run counts what it will look for', async () => {
    const [guild_id, other] = guilds()
    const [deleted, kept] = channels(guild_id) as [Place, Place]
    const missing = 1 + threads(deleted).length
    const command = (options: object, ...more: string[]) =>
      parley(['sync', ...world.command({}, { ...options }), '--tables', 'messages', '--output', 'json', ...more])
    expect((await command({})).code).toBe(0)
    remove(deleted)
    remove(channels(other)[0]!)
    const plan = async (options: object) => {
      const { tables } = JSON.parse((await command(options, '--dry-run')).stdout) as SyncEstimate
      return tables[0]!.partitions
    }
    expect(await plan({ guild_id })).toMatchObject({ refused: 0, missing })
    expect(await plan({ channel_id: deleted.id })).toMatchObject({ total: 0, refused: 0, missing })
    expect(await plan({ channel_id: kept.id })).toMatchObject({ refused: 0, missing: 0 })
  })
})

describe('with channel_id', () => {
  it('a channel that is hidden once its server is listed stays well where nothing is read of it, and is refused next', async () => {
    const [guild_id] = guilds()
    const [seen, hidden] = channels(guild_id) as [Place, Place]
    const options = { channel_id: `${seen.id},${hidden.id}`, edit_rescan_window: '0s' }
    const tables = ['threads', 'messages']
    await world.sync({ tables, options })
    // The list of threads ends with the active ones; channels that an option names are asked for behind it.
    const onEvent = afterAnswer(new RegExp(`/guilds/${guild_id}/threads/active$`), 2, () => hide(hidden))
    const run = await world.sync({ tables, options, onEvent })
    expect([run.status, ...told(run)]).toEqual(['ok'])
    expect(await stateOf(hidden)).toEqual(ok)
    const next = await sync(options, tables)
    expect(told(next)).toContainEqual([hidden.id, DENIED])
    expect(await stateOf(hidden)).toEqual(refused)
  })

  it('a thread below that was deleted is gone; channels and threads that were not asked for stay', async () => {
    const [guild_id] = guilds()
    const [asked, deleted, hidden] = channels(guild_id) as [Place, Place, Place]
    const [below] = threads(asked) as [Place]
    await sync({})
    simulator.mutate.deleteThread({ channel_id: below.id })
    remove(deleted)
    hide(hidden)
    const channel_id = asked.id
    const first = await sync({ channel_id }, ['messages', 'pins'])
    expect(told(first)).toEqual([[below.id, GONE]])
    expect(await sync({ channel_id }, ['messages', 'pins'])).toMatchObject({ status: 'ok', errors: [] })
    expect((await stateOf(below)).marked).toBe('all')
    for (const one of [deleted, hidden, ...threads(deleted), ...threads(hidden)])
      expect((await stateOf(one)).marked).toBe('none')
    const lines = `SELECT DISTINCT state FROM parley.coverage WHERE "partition" IN ('${deleted.id}', '${hidden.id}')`
    expect(await query(world.database, lines)).toEqual([{ state: 'ok' }])
  })

  it('a channel that was read and is deleted is gone with its threads; nothing is asked of it for ever', async () => {
    const [guild_id] = guilds()
    const [deleted, other] = channels(guild_id) as [Place, Place]
    const below = threads(deleted)
    const channel_id = `${deleted.id},${other.id}`
    const tables = ['messages', 'pins']
    await sync({ channel_id }, tables)
    remove(deleted)
    expect(told(await sync({ channel_id }, tables))).toEqual([deleted, ...below].map(({ id }) => [id, GONE]).toSorted())
    expect(await sync({ channel_id }, tables)).toMatchObject({ status: 'ok', errors: [] })
    for (const one of [deleted, ...below]) expect(await stateOf(one)).toEqual(gone)
    expect(await sync({ channel_id: deleted.id }, tables)).toMatchObject({ status: 'ok', errors: [] })
  })

  it('a channel that was hidden is refused with its threads, and read on when it is shown', async () => {
    const [guild_id] = guilds()
    const [hidden] = channels(guild_id) as [Place]
    const below = threads(hidden)
    const channel_id = hidden.id
    const tables = ['messages']
    await sync({ channel_id }, tables)
    hide(hidden)
    for (let run = 0; run < 2; run++) {
      simulator.resetStats()
      expect(told(await sync({ channel_id }, tables))).toEqual(
        [hidden, ...below].map(({ id }) => [id, DENIED]).toSorted(),
      )
      expect(simulator.stats().byStatus['403']).toBe(1)
    }
    for (const one of [hidden, ...below]) expect(await stateOf(one)).toEqual(refused)
    // What an earlier list told of it is still known.
    expect(told(await sync({ guild_id }, tables))).toContainEqual([hidden.id, DENIED])
    simulator.mutate.showChannel({ guild_id, channel_id })
    expect(await sync({ channel_id }, tables)).toMatchObject({ status: 'ok', errors: [] })
  })

  it('a forum that was deleted stays refused, for it was asked for, and its posts are gone', async () => {
    const [guild_id] = guilds()
    const [forum] = channels(guild_id, FORUM) as [Place]
    const posts = threads(forum)
    const channel_id = forum.id
    await sync({ channel_id }, ['messages'])
    simulator.mutate.deleteChannel({ guild_id, channel_id })
    for (let run = 0; run < 2; run++)
      expect(told(await sync({ channel_id }, ['messages']))).toContainEqual([channel_id, 'PARLEY_DISCORD_NOT_FOUND'])
    for (const post of posts) expect(await stateOf(post)).toEqual(gone)
  })

  it('a channel of a category that was asked for is gone with its threads', async () => {
    const [guild_id] = guilds()
    const inOne = channels(guild_id).filter(({ json }) => json.parent_id !== null)
    const channel_id = inOne[0]!.json.parent_id!
    const [deleted] = inOne.filter(({ json }) => json.parent_id === channel_id) as [Place]
    const below = threads(deleted)
    await sync({ channel_id }, ['messages'])
    remove(deleted)
    for (let run = 0; run < 2; run++) await sync({ channel_id }, ['messages'])
    for (const one of [deleted, ...below]) expect(await stateOf(one)).toEqual(gone)
  })

  it('an id that no list ever showed is refused, however often it is asked for', async () => {
    const channel_id = '999999999999999999'
    const [asked] = channels(guilds()[0]) as [Place]
    for (let run = 0; run < 3; run++)
      expect(told(await sync({ channel_id: `${channel_id},${asked.id}` }, ['messages']))).toEqual([
        [channel_id, 'PARLEY_DISCORD_NOT_FOUND'],
      ])
    expect(await sync({ channel_id: asked.id }, ['messages'])).toMatchObject({ status: 'ok', errors: [] })
  })
})
