import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunResult } from '../../pipeline/sync/types.ts'
import type { DiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { afterAnswer } from '../support/after_answer.ts'
import { discordDifferences, markedMessages } from '../support/discord_truth.ts'
import { DiscordWorld } from '../support/discord_world.ts'
import { query } from '../support/query.ts'

const DENIED = 'PARLEY_DISCORD_PERMISSION_MISSING'
const MESSAGES = { tables: ['messages', 'message_reactions', 'attachments'], options: { page_size: '20' } }
const VOICE = 2

let world: DiscordWorld
let simulator: DiscordSimulator
let database: string
beforeEach(async () => {
  const size = { guilds: 2, channelsPerGuild: 4, messagesPerChannel: 70, threadsPerChannel: 1, forums: 1, members: 10 }
  world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
  simulator = world.simulator
  database = world.database
})
afterEach(() => world.close())

const refusedIn = ({ errors }: RunResult) => errors.map(({ partition, code }) => [partition, code])

async function expectTruth(): Promise<void> {
  const run = await world.sync()
  expect(run.status, JSON.stringify(run.errors)).toBe('ok')
  expect(await discordDifferences(database, simulator)).toEqual({})
}

async function stateOf(partition: string): Promise<unknown> {
  const sql = `SELECT state, code FROM parley.coverage WHERE "partition" = '${partition}' AND job = 'discord.messages'`
  return (await query(database, sql))[0]
}

/** Channels of a guild that hold messages of their own, the one that is read first in front. */
function channelsOf(guild_id: string, type?: number): { guild_id: string; channel_id: string }[] {
  return [...simulator.truth.channels({ guild_id })]
    .filter(({ json }) => (type === undefined ? json.type === 0 || json.type === VOICE : json.type === type))
    .map(({ id }) => ({ guild_id, channel_id: id }))
}

const guildIds = () => [...simulator.truth.guilds()].map(({ id }) => id)
const first = () => channelsOf(guildIds()[0]!)[0]!
const messagesOf = ({ channel_id }: { channel_id: string }) => new RegExp(`/channels/${channel_id}/messages$`)

describe.each([
  ['the history (an empty list, 200)', 'READ_MESSAGE_HISTORY'],
  ['the sight of a channel (403)', 'VIEW_CHANNEL'],
] as const)('a right that is withdrawn in the middle of a walk: %s', (_, permission) => {
  it.each(['first', 'second'])(
    'in the %s sync: the channel is refused, no row is marked, it catches up',
    async (which) => {
      if (which === 'second') await world.sync(MESSAGES)
      const channel = first()
      const run = await world.sync({
        ...MESSAGES,
        onEvent: afterAnswer(messagesOf(channel), 2, () => simulator.mutate.deny({ ...channel, permission })),
      })
      expect(run.status).toBe('partial')
      expect(refusedIn(run)).toContainEqual([channel.channel_id, DENIED])
      expect(await stateOf(channel.channel_id)).toEqual({ state: 'refused', code: DENIED })
      expect(await markedMessages(database)).toEqual([])
      // And again, from the beginning of a run.
      expect((await world.sync(MESSAGES)).status).toBe('partial')
      expect(await markedMessages(database)).toEqual([])
      simulator.mutate.send({ ...channel, content: 'said behind the door' })
      simulator.mutate.allow({ ...channel, permission })
      await expectTruth()
    },
  )
})

describe('archived threads of a channel without the history', () => {
  it('are told of in the table of threads, and come with the right', async () => {
    const thread = [...simulator.truth.threads()].find(({ json }) => json.type === 11)!
    const parent = { guild_id: thread.guild_id, channel_id: String(thread.json.parent_id) }
    simulator.mutate.deny({ ...parent, permission: 'READ_MESSAGE_HISTORY' })
    const run = await world.sync({ tables: ['threads'] })
    expect(refusedIn(run)).toEqual([[`${parent.channel_id}/archived`, DENIED]])
    simulator.mutate.allow({ ...parent, permission: 'READ_MESSAGE_HISTORY' })
    expect((await world.sync({ tables: ['threads'] })).status).toBe('ok')
    expect(await discordDifferences(database, simulator, ['threads'])).toEqual({})
  })
})

describe('pins without the history', () => {
  const options = { channel_id: '' }

  it('of a thread that an option names are refused, not empty, and come with the right', async () => {
    const thread = [...simulator.truth.threads()][0]!
    const key = { guild_id: thread.guild_id, channel_id: thread.id }
    simulator.mutate.unarchive(key)
    const [message] = [...simulator.truth.messages({ channel_id: thread.id })]
    simulator.mutate.pin(message!)
    simulator.mutate.archive(key)
    const parent = { guild_id: thread.guild_id, channel_id: String(thread.json.parent_id) }
    simulator.mutate.deny({ ...parent, permission: 'READ_MESSAGE_HISTORY' })
    options.channel_id = thread.id
    const run = await world.sync({ tables: ['pins'], options })
    expect(refusedIn(run)).toContainEqual([thread.id, DENIED])
    simulator.mutate.allow({ ...parent, permission: 'READ_MESSAGE_HISTORY' })
    expect((await world.sync({ tables: ['pins'], options })).status).toBe('ok')
    expect(await query(database, 'SELECT message_id FROM discord.pins')).toEqual([{ message_id: message!.id }])
  })
})

describe('the Message Content Intent', () => {
  const CODE = 'PARLEY_DISCORD_INTENT_MISSING'
  const said = () =>
    query(database, 'SELECT channel_id, id, content, embeds, poll, components FROM discord.messages ORDER BY ALL')

  it('switched off between runs: nothing is read and nothing blanked; on again it catches up', async () => {
    await world.sync()
    const before = await said()
    simulator.mutate.messageContent(false)
    for (let turn = 0; turn < 5; turn++) simulator.mutate.edit()
    const run = await world.sync()
    expect(run.status).toBe('partial')
    const ofMessages = run.errors.filter(({ tables }) => tables?.includes('discord.messages'))
    expect(new Set(ofMessages.map(({ code }) => code))).toEqual(new Set([CODE]))
    expect(await said()).toEqual(before)
    simulator.mutate.messageContent(true)
    await expectTruth()
  })

  it('alone, with nothing else to read: the run fails with a code', async () => {
    simulator.mutate.messageContent(false)
    const { code, result } = await world.outcome(MESSAGES)
    expect([code, result!.status]).toEqual([3, 'failed'])
    expect(result!.errors[0]).toMatchObject({ code: CODE })
  })

  // What an answer keeps without the intent: stickers, and forwards whose text is gone.
  const odd = [
    ['a page like any other', {}],
    ['a page with a sticker on it', { content: '', sticker_items: [{ id: '1', name: 'ahoy', format_type: 1 }] }],
    [
      'a page with a forward on it',
      { content: '', message_snapshots: [{ message: { content: '', embeds: [], attachments: [], components: [] } }] },
    ],
  ] as const
  it.each(odd)('switched off in the middle of a run, at %s: no blanked row is stored', async (_, set) => {
    const off = () => {
      simulator.mutate.messageContent(false)
      const blank = { attachments: [], embeds: [], components: [], type: 0 }
      simulator.setFaults({
        rules: [{ route: 'messages', fault: { kind: 'hostile_row', set: { ...blank, ...set } } }],
      })
    }
    const run = await world.sync({ ...MESSAGES, workers: 1, onEvent: afterAnswer(/\/messages$/, 6, off) })
    expect(run.status).toBe('partial')
    expect(new Set(run.errors.map(({ code }) => code))).toEqual(new Set([CODE]))
    const [rows] = await query<{ n: string }>(database, 'SELECT count(*) AS n FROM discord.messages')
    expect(Number(rows!.n)).toBeGreaterThan(50)
    expect((await discordDifferences(database, simulator, ['messages'])).messages!.extra).toEqual([])
    simulator.setFaults(null)
    simulator.mutate.messageContent(true)
    await expectTruth()
  })
})

describe('the Server Members Intent', () => {
  it('switched off: members are refused and stay, all else is read; on again they catch up', async () => {
    await world.sync()
    simulator.mutate.guildMembers(false)
    simulator.mutate.memberJoin()
    simulator.mutate.send()
    const run = await world.sync()
    expect(run.status).toBe('partial')
    expect(refusedIn(run).toSorted()).toEqual(
      guildIds()
        .map((id) => [id, 'PARLEY_DISCORD_INTENT_MISSING'])
        .toSorted(),
    )
    expect(run.errors.every(({ tables }) => tables!.join() === 'discord.members')).toBe(true)
    expect(Object.keys(await discordDifferences(database, simulator))).toEqual(['members'])
    simulator.mutate.guildMembers(true)
    await expectTruth()
  })

  it('switched off in the middle of a run: 403 refuses the list, and no member is taken for gone', async () => {
    await world.sync()
    const off = afterAnswer(/\/applications\/(@|%40)me$/, 1, () => simulator.mutate.guildMembers(false))
    const run = await world.sync({ tables: ['members', 'roles'], onEvent: off })
    expect(run.status).toBe('partial')
    expect(refusedIn(run).toSorted()).toEqual(
      guildIds()
        .map((id) => [id, DENIED])
        .toSorted(),
    )
    expect(await discordDifferences(database, simulator)).toEqual({})
  })
})

describe('the bot', () => {
  it('in a time-out keeps reading text; voice channels and threads it is not in wait until it is over', async () => {
    await world.sync()
    const guild_id = guildIds()[0]!
    simulator.mutate.memberTimeout({ guild_id, ms: 3_600_000 })
    const [text, voice] = [channelsOf(guild_id, 0)[0]!, channelsOf(guild_id, VOICE)[0]!]
    const heard = simulator.mutate.send({ ...text, content: 'to be heard' })
    simulator.mutate.send({ ...voice, content: 'to be heard later' })
    const run = await world.sync()
    expect(refusedIn(run)).toContainEqual([voice.channel_id, DENIED])
    expect(refusedIn(run).map(([partition]) => partition)).not.toContain(text.channel_id)
    expect(await query(database, `SELECT id FROM discord.messages WHERE id = '${heard.id}'`)).toHaveLength(1)
    expect(await markedMessages(database)).toEqual([])
    world.pass(3_600_000)
    await expectTruth()
  })

  it('that may not join a voice channel is refused there, and nowhere else', async () => {
    await world.sync()
    const voice = channelsOf(guildIds()[0]!, VOICE)[0]!
    simulator.mutate.deny({ ...voice, permission: 'CONNECT' })
    const run = await world.sync(MESSAGES)
    expect(refusedIn(run)).toEqual([[voice.channel_id, DENIED]])
    expect(run.errors[0]!.message).toContain('Connect')
    simulator.mutate.allow({ ...voice, permission: 'CONNECT' })
    await expectTruth()
  })

  it('that leaves a private thread is refused there; the rows stay, and it catches up when it is back', async () => {
    const channel = channelsOf(guildIds()[0]!, 0)[0]!
    simulator.mutate.deny({ ...channel, permission: 'MANAGE_THREADS' })
    const thread = simulator.mutate.newThread({ ...channel, private: true, joined: true })
    for (let turn = 0; turn < 5; turn++) simulator.mutate.send(thread)
    await world.sync()
    const held = () =>
      query(
        database,
        `SELECT id FROM discord.messages WHERE channel_id = '${thread.channel_id}' AND deleted_at IS NULL`,
      )
    expect(await held()).toHaveLength(5)
    simulator.mutate.leaveThread(thread)
    simulator.mutate.send(thread)
    for (let turn = 0; turn < 2; turn++)
      expect(refusedIn(await world.sync())).toContainEqual([thread.channel_id, DENIED])
    expect(await held()).toHaveLength(5)
    simulator.mutate.joinThread(thread)
    expect((await world.sync()).status).toBe('ok')
    expect(await held()).toHaveLength(6)
    simulator.mutate.allow({ ...channel, permission: 'MANAGE_THREADS' })
    await expectTruth()
  })

  it.each(['between runs', 'in the middle of a run'])(
    'kicked from a guild %s: its rows stay, the other guild is read, invited back it catches up',
    async (when) => {
      await world.sync()
      const [guild_id, other] = guildIds() as [string, string]
      const kick = () => void simulator.mutate.kickBot({ guild_id })
      if (when === 'between runs') kick()
      const news = simulator.mutate.send({ guild_id: other })
      const onEvent = when === 'between runs' ? () => {} : afterAnswer(messagesOf(first()), 1, kick)
      for (let turn = 0; turn < 2; turn++) {
        const run = await world.sync(turn === 0 ? { onEvent, workers: 1 } : {})
        expect(run.status, `turn ${turn}`).toBe('partial')
        const all = [...simulator.truth.channels(), ...simulator.truth.threads()]
        const inGuild = new Set([guild_id, ...all.filter((row) => row.guild_id === guild_id).map(({ id }) => id)])
        expect(run.errors.filter(({ partition }) => !inGuild.has(partition?.split('/')[0] ?? ''))).toEqual([])
      }
      expect(await query(database, `SELECT id FROM discord.messages WHERE id = '${news.id}'`)).toHaveLength(1)
      // The bot itself is no member any more; nobody can see that.
      const differences = await discordDifferences(database, simulator)
      expect(Object.keys(differences).filter((table) => table !== 'members')).toEqual([])
      simulator.mutate.send({ guild_id })
      simulator.mutate.inviteBot({ guild_id })
      // A list of members that was broken off is read to its end first, with what its first pages said then.
      await world.sync()
      await expectTruth()
    },
  )
})

describe('a guild that was deleted', () => {
  it('is refused at the first look, gone at the second: its messages are marked, its other rows go', async () => {
    await world.sync()
    const [guild_id] = guildIds()
    const lost = [...simulator.truth.messages({ guild_id: guild_id! })].map(({ id }) => id)
    simulator.mutate.deleteGuild({ guild_id: guild_id! })
    expect((await world.sync()).status).toBe('partial')
    expect(await markedMessages(database)).toEqual([])
    await expectTruth()
    expect(await markedMessages(database)).toEqual(lost.toSorted())
  })
})

describe('a guild that is deleted after it was listed, before its channels are', () => {
  it('is told of, and at rest once two looks have not found it', async () => {
    await world.sync()
    const [guild_id] = guildIds()
    const onEvent = afterAnswer(/\/users\/(%40|@)me\/guilds$/, 1, () =>
      simulator.mutate.deleteGuild({ guild_id: guild_id! }),
    )
    expect((await world.sync({ onEvent })).status).toBe('partial')
    for (let look = 0; look < 2; look++) await world.sync()
    const run = await world.sync()
    expect(run.status, JSON.stringify(run.errors)).toBe('ok')
    await expectTruth()
  })
})

describe('a token that was reset', () => {
  it('ends a run with 3 while it is the old one; with the new one the same state goes on', async () => {
    await world.sync()
    const cursors = () => query(database, 'SELECT job, "partition" FROM parley.cursors ORDER BY ALL')
    const before = await cursors()
    const bot_token = simulator.mutate.rotateToken()
    simulator.mutate.send()
    const refused = await world.outcome()
    expect(refused.code).toBe(3)
    expect(refused.error).toMatchObject({ code: 'PARLEY_DISCORD_TOKEN_INVALID' })
    const run = await world.outcome({ connection: { bot_token } })
    expect(run.code).toBe(0)
    expect(run.events.filter(({ type }) => type === 'notice' || type === 'warning')).toEqual([])
    expect(await cursors()).toEqual(before)
    expect(await discordDifferences(database, simulator)).toEqual({})
  })
})

describe('a right that is back before an empty list is looked into', () => {
  it('marks nothing: the list is asked again', async () => {
    await world.sync(MESSAGES)
    const channel = first()
    const history = { ...channel, permission: 'READ_MESSAGE_HISTORY' } as const
    let lists = 0
    const run = await world.sync({
      ...MESSAGES,
      onEvent: (event) => {
        if (event.type !== 'request' || !messagesOf(channel).test(event.path)) return
        // Denied before the second page, given back before anybody asks for the rights.
        if (++lists === 1) simulator.mutate.deny(history)
        if (lists === 3) simulator.mutate.allow(history)
      },
    })
    expect(run.status, JSON.stringify(run.errors)).toBe('ok')
    expect(lists).toBeGreaterThan(3)
    expect(await markedMessages(database)).toEqual([])
    await expectTruth()
  })
})

describe('a forum whose posts are all archived', () => {
  const FORUM = 15
  const size = { guilds: 1, channelsPerGuild: 2, messagesPerChannel: 10, threadsPerChannel: 1, forums: 1, members: 5 }

  it.each(['READ_MESSAGE_HISTORY', 'VIEW_CHANNEL'] as const)(
    'without %s it is refused, not empty, also where it is asked for',
    async (permission) => {
      await world.close()
      world = await DiscordWorld.start({ dataset: { generated: { ...size, days: 5 } } })
      simulator = world.simulator
      database = world.database
      const forum = channelsOf(guildIds()[0]!, FORUM)[0]!
      for (const { id, json } of simulator.truth.threads(forum))
        if (json.parent_id === forum.channel_id) simulator.mutate.archive({ guild_id: forum.guild_id, channel_id: id })
      simulator.mutate.deny({ ...forum, permission })
      const line = [`${forum.channel_id}/archived`, DENIED]
      const run = await world.sync(MESSAGES)
      if (permission === 'READ_MESSAGE_HISTORY') expect(refusedIn(run)).toContainEqual(line)
      const asked = await world.sync({ ...MESSAGES, options: { ...MESSAGES.options, channel_id: forum.channel_id } })
      expect(asked.status).toBe('failed')
      expect(refusedIn(asked).map(([, code]) => code)).toEqual([DENIED])
      simulator.mutate.allow({ ...forum, permission })
      await expectTruth()
    },
  )
})
