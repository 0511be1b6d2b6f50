import { afterEach, describe, expect, it } from 'vitest'
import type { FaultPlan } from '../../libs/simulator/fault_plan.ts'
import { type DiscordSimulatorOptions, virtualClock } from '../../sources/discord/simulator/index.ts'
import { afterAnswer } from '../support/after_answer.ts'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld, type WorldSync } from '../support/discord_world.ts'
import { why } from '../support/outcome.ts'
import { query } from '../support/query.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const generated = {
  guilds: 1,
  channelsPerGuild: 3,
  messagesPerChannel: 130,
  threadsPerChannel: 2,
  forums: 1,
  members: 10,
  days: 5,
} as const
const MESSAGES: WorldSync = {
  tables: ['messages', 'message_reactions', 'attachments'],
  options: { page_size: '20' },
}

let world: DiscordWorld
afterEach(() => world.close())

async function start(options: DiscordSimulatorOptions = {}): Promise<DiscordWorld> {
  world = await DiscordWorld.start({ dataset: { generated }, ...options })
  return world
}

async function syncWell(sync: WorldSync = MESSAGES): Promise<number> {
  const run = await world.outcome(sync)
  expect(run.code, why(run)).toBe(0)
  return changedRows(run.result!)
}

const differences = (sync: WorldSync = MESSAGES) =>
  discordDifferences(world.database, world.simulator, sync.tables ?? undefined)

const aChannel = () => [...world.simulator.truth.messages()][0]!

describe('pages of messages that', () => {
  type Rule = FaultPlan['rules'][number]
  const rule = (every: number, fault: Rule['fault']): Rule => ({ route: 'messages', every, fault })
  const worlds: [string, Rule[], number][] = [
    ['are short', [], 1],
    ['overlap', [rule(2, { kind: 'overlap', rows: 7 })], 0],
    ['come in another order', [rule(1, { kind: 'shuffle' })], 0],
    ['are empty though there are more', [{ ...rule(3, { kind: 'empty_page' }), query: 'after=' }], 0],
    [
      'do all of that',
      [
        { ...rule(5, { kind: 'empty_page' }), query: 'after=' },
        rule(3, { kind: 'overlap', rows: 20 }),
        rule(2, { kind: 'shuffle' }),
      ],
      0.5,
    ],
  ]
  it.each(worlds)(
    '%s: every message once, nothing marked, in the first sync and the next',
    async (_, rules, shortPages) => {
      await start({ shortPages, faults: { rules } })
      await syncWell()
      expect(await differences()).toEqual({})
      expect(await syncWell()).toBe(0)
      expect(await markedMessages(world.database)).toEqual([])
    },
  )

  it('are empty while people go on writing: the end below the ceiling is what counts', async () => {
    const { simulator } = await start()
    await syncWell()
    const { channel_id } = aChannel()
    const path = `/api/v10/channels/${channel_id}/messages`
    simulator.setFaults({ rules: [{ path, nth: 2, fault: { kind: 'empty_page' } }] })
    // Newer than what this sync reads up to.
    const onEvent: WorldSync['onEvent'] = (event) => {
      if (event.type === 'request' && event.path === path)
        simulator.mutate.send({ channel_id, at: simulator.clock.now() + 5_000 })
    }
    await syncWell({ ...MESSAGES, onEvent })
    expect(await markedMessages(world.database)).toEqual([])
    world.pass(10_000)
    await syncWell()
    expect(await differences()).toEqual({})
  })

  it('stay empty for ever: the channel is behind with a code, and nothing is marked', async () => {
    const { simulator } = await start()
    await syncWell()
    const { channel_id } = aChannel()
    const rules = [
      { path: `/api/v10/channels/${channel_id}/messages`, query: 'after=', fault: { kind: 'empty_page' } },
    ] as const
    simulator.setFaults({ rules: [...rules] })
    const run = await world.outcome(MESSAGES)
    expect(run.code).toBe(4)
    expect(run.result!.errors).toMatchObject([{ partition: channel_id, code: 'PARLEY_DISCORD_LIST_UNSTEADY' }])
    expect(await markedMessages(world.database)).toEqual([])
    simulator.setFaults(null)
    expect(await syncWell()).toBe(0)
  })
})

describe('a message that turns up late, with an older id', () => {
  const window = { ...MESSAGES, options: { ...MESSAGES.options, edit_rescan_window: '0s', lookback_seconds: '300' } }
  it.each([
    ['inside of lookback is read by the next sync', 200_000, 1],
    ['outside of it only by --full', 900_000, 0],
  ])('%s', async (_, age, found) => {
    const { simulator, database } = await start()
    await syncWell(window)
    const { channel_id } = aChannel()
    const late = simulator.mutate.send({ channel_id, at: simulator.clock.now() - age })
    const held = () => query(database, `SELECT id FROM discord.messages WHERE id = '${late.id}'`)
    await syncWell(window)
    expect(await held()).toHaveLength(found)
    await syncWell({ ...window, full: true })
    expect(await held()).toHaveLength(1)
    expect(await differences()).toEqual({})
  })
})

describe('last_message_id', () => {
  it('may name a message that is deleted: nothing new is no news', async () => {
    const { simulator, database } = await start()
    const { channel_id } = aChannel()
    const newest = [...simulator.truth.messages({ channel_id })].at(-1)!
    simulator.mutate.delete(newest)
    await syncWell()
    expect(await syncWell()).toBe(0)
    expect(await differences()).toEqual({})
    const second = [...simulator.truth.messages({ channel_id })].at(-1)!
    simulator.mutate.delete(second)
    expect(await syncWell()).toBeGreaterThan(0)
    expect(await markedMessages(database)).toEqual([second.id])
  })

  it('names a message although all of them are deleted: they are marked, and the channel is no trouble', async () => {
    const { simulator } = await start()
    await syncWell()
    const { channel_id } = aChannel()
    for (const key of [...simulator.truth.messages({ channel_id })]) simulator.mutate.delete(key)
    await syncWell()
    expect(await differences()).toEqual({})
    expect(await syncWell()).toBe(0)
  })

  it('of a forum names a thread: nobody asks a forum for messages', async () => {
    const { simulator } = await start()
    const forums = [...simulator.truth.channels()].filter(({ json }) => json.type === 15 || json.type === 16)
    const [forum] = forums.filter(({ json }) => json.last_message_id !== null)
    await syncWell()
    simulator.mutate.newThread({ channel_id: forum!.id })
    await syncWell()
    expect(await differences()).toEqual({})
    const asked = simulator.log.filter(({ path }) => forums.some(({ id }) => path.endsWith(`/channels/${id}/messages`)))
    expect(asked).toEqual([])
  })
})

describe('ids', () => {
  it('of a thread that are those of the message it started from, or of its own first message', async () => {
    const { simulator, database } = await start()
    const text = [...simulator.truth.channels()].find(({ json }) => json.type === 0)!
    const started = simulator.mutate.newThread({ channel_id: text.id, message_id: true })
    await syncWell()
    expect(await differences()).toEqual({})
    const both = await query(
      database,
      `SELECT channel_id, id, thread_id FROM discord.messages
       WHERE id = '${started.channel_id}' OR channel_id = '${started.channel_id}' ORDER BY channel_id`,
    )
    expect(both).toMatchObject([
      { channel_id: text.id, id: started.channel_id, thread_id: started.channel_id },
      { channel_id: started.channel_id, thread_id: null },
    ])
  })

  it('of 17, 18, 19 and 20 digits: in order as numbers, none lost, and found again when they are deleted', async () => {
    // In 2095 ids have 20 digits.
    const { simulator } = await start({ clock: virtualClock({ auto: true, start: Date.UTC(2095, 0, 15) }) })
    const { channel_id } = aChannel()
    const years = [2015, 2016, 2020, 2026, 2089, 2090, 2091]
    const sent = years.map((year) => simulator.mutate.send({ channel_id, at: Date.UTC(year, 6, 1) }))
    expect(new Set(sent.map(({ id }) => id.length))).toEqual(new Set([17, 18, 19, 20]))
    await syncWell()
    expect(await differences()).toEqual({})
    expect(await syncWell()).toBe(0)
    const deleted = sent.filter((_, index) => index % 2 === 0)
    for (const key of deleted) simulator.mutate.delete(key)
    await syncWell({ ...MESSAGES, full: true })
    expect(await markedMessages(world.database)).toEqual(deleted.map(({ id }) => id).toSorted())
    expect(await differences()).toEqual({})
  })
})

describe('what changes without a change', () => {
  it('an edit that loses its microseconds, a new name of an author, addresses signed anew: no row changes', async () => {
    const { simulator, database } = await start()
    const { channel_id } = aChannel()
    for (let turn = 0; turn < 5; turn++) {
      simulator.mutate.edit({ channel_id })
      simulator.mutate.unfurl({ channel_id, content: 'https://example.org/page' })
    }
    await syncWell()
    const url = async () =>
      (await query<{ url: string }>(database, 'SELECT url FROM discord.attachments LIMIT 1'))[0]!.url
    const author = 'SELECT author.id AS id FROM discord.messages WHERE author.bot IS NULL LIMIT 1'
    const [{ id } = { id: '' }] = await query<{ id: string }>(database, author)
    const before = await url()
    simulator.mutate.renameUser({ user_id: id })
    world.pass(2 * HOUR)
    simulator.log.clear()
    expect(await syncWell()).toBe(0)
    // All of it was read again.
    expect(simulator.log.filter(({ route, bytes }) => route === 'messages' && bytes > 2).length).toBeGreaterThan(10)
    expect(await url()).toBe(before)
    simulator.mutate.edit({ channel_id, content: 'a real one' })
    expect(await syncWell()).toBe(1)
    expect(await differences()).toEqual({})
  })
})

describe('threads', () => {
  const tables = ['threads', 'messages']

  it.each([
    [150, 'public'],
    [250, 'private'],
  ] as const)('%i %s ones that were archived in one millisecond are all listed', async (count, kind) => {
    const { simulator } = await start()
    const text = [...simulator.truth.channels()].find(({ json }) => json.type === 0)!
    const at = simulator.clock.now() - DAY
    for (let index = 0; index < count; index++) {
      const thread = simulator.mutate.newThread({ channel_id: text.id, private: kind === 'private', at: at - HOUR })
      simulator.mutate.archive({ ...thread, at })
    }
    await syncWell({ tables })
    expect(await differences({ tables })).toEqual({})
  })

  it('that are opened after the active ones were listed are in the second look at them', async () => {
    const { simulator } = await start()
    const [thread] = [...simulator.truth.threads()].filter(({ json }) => {
      const { archived, locked } = json.thread_metadata as Record<string, unknown>
      return archived === true && locked === false
    })
    const open = () => void simulator.mutate.unarchive({ channel_id: thread!.id })
    await syncWell({ tables, onEvent: afterAnswer(/threads\/active$/, 1, open) })
    expect(await differences({ tables })).toEqual({})
  })

  it('that move between the lists, which tell of it late, are read all the same', async () => {
    await start({
      staleListsMs: 400,
      latencyMs: 2,
      mutateDuringWalk: {
        every: 1,
        routes: ['active_threads', 'archived_public', 'archived_private', 'messages'],
        among: ['archive', 'unarchive', 'send'],
        max: 30,
      },
    })
    await syncWell({ tables })
    world.pass(1_000)
    await syncWell({ tables })
    world.pass(1_000)
    await syncWell({ tables })
    expect(await differences({ tables })).toEqual({})
    expect(await markedMessages(world.database)).toEqual([])
  })
})
