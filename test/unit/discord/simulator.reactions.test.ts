import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type DiscordSimulator,
  type MessageKey,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { compareIds } from '../../../sources/discord/simulator/snowflake.ts'
import { type DiscordAnswer, type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let key: MessageKey
let people: string[]

beforeAll(async () => {
  const generated = { guilds: 1, channelsPerGuild: 2, messagesPerChannel: 40, members: 130 }
  simulator = await startDiscordSimulator({ clock: virtualClock(), throttle: 'off', dataset: { generated } })
  client = discordClient(simulator)
  people = [...simulator.truth.members()].map(({ id }) => id)
  const channel_id = [...simulator.truth.channels()].find(({ json }) => json.name === 'general')!.id
  key = simulator.mutate.send({ channel_id })
  for (const user_id of people.slice(0, 110).toReversed())
    simulator.mutate.addReaction({ ...key, emoji: '🔥', user_id })
  for (const user_id of people.slice(110, 113))
    simulator.mutate.addReaction({ ...key, emoji: '🔥', user_id, burst: true })
})
afterAll(() => simulator.close())

const users = (emoji: string, query = '', { channel_id, id } = key): Promise<DiscordAnswer<JsonObject[]>> =>
  client.get(`/channels/${channel_id}/messages/${id}/reactions/${encodeURIComponent(emoji)}?${query}`)

const reactionsOf = async ({ channel_id, id } = key): Promise<JsonObject[]> =>
  (await client.get(`/channels/${channel_id}/messages/${id}`)).body.reactions as JsonObject[]

describe('reactions', () => {
  it('a message tells counts, never users', async () => {
    expect(await reactionsOf()).toMatchObject([
      { count: 113, count_details: { normal: 110, burst: 3 }, emoji: { id: null, name: '🔥' } },
    ])
  })

  it('users come by id, 25 where no limit is given, super reactions apart', async () => {
    expect(idsOf((await users('🔥')).body)).toEqual(people.slice(0, 25))
    const first = idsOf((await users('🔥', 'limit=100')).body)
    expect(first).toEqual(people.slice(0, 100))
    expect(first).toEqual(first.toSorted(compareIds))
    expect(idsOf((await users('🔥', `limit=100&after=${first.at(-1)}`)).body)).toEqual(people.slice(100, 110))
    expect(idsOf((await users('🔥', 'type=1')).body)).toEqual(people.slice(110, 113))
    expect((await users('🔥', 'type=2')).status).toBe(400)
    expect((await users('🔥', 'limit=101')).status).toBe(400)
  })

  it('an emoji that is none, or that nobody can list, is 400 10014', async () => {
    for (const emoji of ['nonsense', 'gone:1234567890123456', '⛷🏼'])
      expect(await users(emoji)).toMatchObject({ status: 400, body: { message: 'Unknown Emoji', code: 10014 } })
    expect(await users('👋')).toMatchObject({ status: 200, body: [] })
  })

  it('the reaction is there all the same, with a name or without', async () => {
    const odd = [...simulator.truth.messages()].find(({ json }) => json.content === 'Photos from the regatta')!
    const rows = await reactionsOf(odd)
    expect(rows.map(({ emoji }) => (emoji as JsonObject).name)).toEqual(['👍', 'wave_hello', null, '⛷🏼', '🔥'])
    expect(rows[0]).toMatchObject({ me: true, me_burst: false })
    const { id, name } = rows[1]!.emoji as { id: string; name: string }
    expect((await users(`${name}:${id}`, '', odd)).body.length).toBe(1)
    simulator.mutate.deleteEmoji({ guild_id: odd.guild_id, emoji_id: id })
    expect((await reactionsOf(odd))[1]).toMatchObject({ emoji: { id, name: null }, count: 1 })
    expect((await users(`${name}:${id}`, '', odd)).status).toBe(400)
  })

  it('equal counts can hide that one went and another came', async () => {
    const before = await reactionsOf()
    const { user_id } = simulator.mutate.swapReaction({ ...key, emoji: '🔥', user_id: people[5]! })
    expect(await reactionsOf()).toEqual(before)
    const now = idsOf((await users('🔥', 'limit=100')).body)
    expect(now).not.toContain(people[5])
    expect(people.slice(113)).toContain(user_id)
  })

  it('the last one takes the key with it', async () => {
    const fresh = simulator.mutate.send({ channel_id: key.channel_id })
    simulator.mutate.addReaction({ ...fresh, emoji: '👍', user_id: people[0]! })
    simulator.mutate.removeReaction(fresh)
    expect(await reactionsOf(fresh)).toBeUndefined()
  })

  it('a message that is gone has none: 10008', async () => {
    const fresh = simulator.mutate.send({ channel_id: key.channel_id })
    simulator.mutate.delete(fresh)
    expect(await users('👍', '', fresh)).toMatchObject({ status: 404, body: { code: 10008 } })
  })

  it('voters of a poll come the same way', async () => {
    const poll = [...simulator.truth.messages()].find(({ json }) => json.poll)!
    const path = `/channels/${poll.channel_id}/polls/${poll.id}/answers`
    const answered = (await client.get<{ users: JsonObject[] }>(`${path}/1`)).body.users
    expect(answered.length).toBe(3)
    expect(idsOf(answered)).toEqual(idsOf(answered).toSorted(compareIds))
    expect((await client.get<{ users: JsonObject[] }>(`${path}/3`)).body.users).toEqual([])
    expect((await client.get(`${path}/9`)).status).toBe(404)
    expect((poll.json.poll as { results: JsonObject }).results.answer_counts).toHaveLength(2)
  })
})
