import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { compareIds } from '../../../sources/discord/simulator/snowflake.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

interface Page {
  threads: (JsonObject & { thread_metadata: { archive_timestamp: string; archived: boolean } })[]
  members: JsonObject[]
  has_more: boolean
}

let simulator: DiscordSimulator
let client: DiscordClient
let guild_id: string
let talk: string

beforeEach(() => start())
afterEach(() => simulator.close())

async function start(options: DiscordSimulatorOptions = {}): Promise<void> {
  const generated = {
    guilds: 1,
    channelsPerGuild: 3,
    messagesPerChannel: 60,
    threadsPerChannel: 24,
    archivedShare: 0.75,
  }
  simulator = await startDiscordSimulator({
    clock: virtualClock(),
    throttle: 'off',
    dataset: { generated },
    ...options,
  })
  client = discordClient(simulator)
  guild_id = [...simulator.truth.guilds()][0]!.id
  talk = [...simulator.truth.channels()].find(({ json }) => json.name === 'talk-1')!.id
}

async function page(path: string): Promise<Page> {
  const { status, body } = await client.get<Page>(path)
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const active = (): Promise<Page> => page(`/guilds/${guild_id}/threads/active`)
const publicOnes = (query = ''): Promise<Page> => page(`/channels/${talk}/threads/archived/public?${query}`)
const privateOnes = (query = ''): Promise<Page> => page(`/channels/${talk}/threads/archived/private?${query}`)
const joinedOnes = (query = ''): Promise<Page> => page(`/channels/${talk}/users/@me/threads/archived/private?${query}`)

describe('lists of threads', () => {
  it('active: all of the guild, newest thread first, with what the bot has joined', async () => {
    const { threads, members, has_more } = await active()
    const truth = [...simulator.truth.threads()].filter(
      ({ json }) => !(json.thread_metadata as { archived: boolean }).archived,
    )
    expect(idsOf(threads)).toEqual(truth.map(({ id }) => id).toSorted((a, b) => compareIds(b, a)))
    expect(new Set(threads.map(({ type }) => type))).toEqual(new Set([10, 11, 12]))
    expect(has_more).toBe(false)
    for (const { id } of members) expect(idsOf(threads)).toContain(id)
  })

  it('archived public ones by archive_timestamp; `before` is exclusive, so what ties on it is passed over', async () => {
    const all = (await publicOnes('limit=100')).threads
    const times = all.map(({ thread_metadata }) => thread_metadata.archive_timestamp)
    expect(times).toEqual(times.toSorted().reverse())
    expect(new Set(times).size).toBeLessThan(times.length)
    const first = await publicOnes('limit=2')
    expect(first.has_more).toBe(true)
    const before = encodeURIComponent(times[1]!)
    expect(idsOf((await publicOnes(`limit=100&before=${before}`)).threads)).toEqual(
      idsOf(all.filter((_, index) => times[index]! < times[1]!)),
    )
    expect((await publicOnes('limit=100')).has_more).toBe(false)
  })

  it('archived private ones need MANAGE_THREADS; joined ones page by id', async () => {
    const all = (await privateOnes('limit=100')).threads
    expect(all.length).toBeGreaterThan(6)
    for (const { type } of all) expect(type).toBe(12)
    const joined = (await joinedOnes('limit=100')).threads
    expect(joined.length).toBeGreaterThan(2)
    expect(joined.length).toBeLessThan(all.length)
    const ids = idsOf(joined)
    expect(ids).toEqual(ids.toSorted((a, b) => compareIds(b, a)))
    const rest = await joinedOnes(`limit=2&before=${ids[0]}`)
    expect(idsOf(rest.threads)).toEqual(ids.slice(1, 3))
    expect(rest.members.length).toBe(rest.threads.length)

    simulator.mutate.deny({ channel_id: talk, permission: 'MANAGE_THREADS' })
    expect(await client.get(`/channels/${talk}/threads/archived/private`)).toMatchObject({
      status: 403,
      body: { code: 50013 },
    })
    expect(idsOf((await joinedOnes('limit=100')).threads)).toEqual(ids)
    const foreign = idsOf(all).find((id) => !ids.includes(id))!
    expect((await client.get(`/channels/${foreign}/messages`)).status).toBe(403)
    expect((await client.get(`/channels/${ids[0]}/messages`)).status).toBe(200)
  })

  it.each(['archived/public', 'archived/private'])('%s takes a time and no id, and two rows at least', async (list) => {
    const path = `/channels/${talk}/threads/${list}`
    expect(await client.get(`${path}?limit=1`)).toMatchObject({ status: 400, body: { code: 50035 } })
    expect(await client.get(`${path}?limit=101`)).toMatchObject({ status: 400, body: { code: 50035 } })
    expect(await client.get(`${path}?before=${talk}`)).toMatchObject({
      body: { errors: { before: { _errors: [{ code: 'DATE_TIME_TYPE_PARSE' }] } } },
    })
    expect(await client.get(`${path}?before=2016-01-01T00:00:00Z`)).toMatchObject({
      status: 400,
      body: { code: 50085 },
    })
  })

  it('the joined list takes an id and no time; voice channels have no threads', async () => {
    const path = `/channels/${talk}/users/@me/threads/archived/private?before=2026-01-01T00:00:00Z`
    expect(await client.get(path)).toMatchObject({ status: 400, body: { code: 50035 } })
    const { channel_id } = simulator.mutate.newChannel({ type: 2 })
    expect(await client.get(`/channels/${channel_id}/threads/archived/public`)).toMatchObject({ body: { code: 50024 } })
  })

  it('a thread goes from list to list as it is archived and woken', async () => {
    const id = (await active()).threads.find((row) => row.parent_id === talk && row.type === 11)!.id as string
    simulator.clock.advance(1000)
    simulator.mutate.archive({ channel_id: id })
    expect(idsOf((await active()).threads)).not.toContain(id)
    expect((await publicOnes()).threads[0]).toMatchObject({ id, thread_metadata: { archived: true } })
    const stamp = (await publicOnes()).threads[0]!.thread_metadata.archive_timestamp
    simulator.clock.advance(1000)
    simulator.mutate.send({ channel_id: id })
    const woken = (await active()).threads.find((row) => row.id === id)!
    expect(woken.thread_metadata.archived).toBe(false)
    expect(woken.thread_metadata.archive_timestamp > stamp).toBe(true)
    expect(idsOf((await publicOnes('limit=100')).threads)).not.toContain(id)
  })

  it('lists may lag behind', async () => {
    await simulator.close()
    await start({ staleListsMs: 5000 })
    simulator.clock.advance(10_000)
    const id = (await active()).threads.find((row) => row.parent_id === talk && row.type === 11)!.id as string
    simulator.mutate.archive({ channel_id: id })
    expect(idsOf((await active()).threads)).toContain(id)
    expect(idsOf((await publicOnes('limit=100')).threads)).not.toContain(id)
    simulator.clock.advance(5000)
    expect(idsOf((await active()).threads)).not.toContain(id)
    expect(idsOf((await publicOnes('limit=100')).threads)).toContain(id)
  })
})

describe('what a thread is', () => {
  it('one from a message shares its id, and begins with a message that points there', async () => {
    const { id: message_id } = simulator.mutate.send({ channel_id: talk, content: 'root' })
    const { channel_id } = simulator.mutate.newThread({ channel_id: talk, message_id })
    expect(channel_id).toBe(message_id)
    const [starter] = await client.walk(channel_id)
    expect(starter).toMatchObject({
      type: 21,
      content: '',
      message_reference: { channel_id: talk, message_id },
      referenced_message: { id: message_id, content: 'root' },
    })
    const { body: root } = await client.get(`/channels/${talk}/messages/${message_id}`)
    expect(root).toMatchObject({ flags: 32, thread: { id: channel_id, parent_id: talk } })
    simulator.mutate.delete({ channel_id: talk, id: message_id })
    expect((await client.walk(channel_id))[0]).toHaveProperty('referenced_message', null)
  })

  it('one without a message is told of in its channel', async () => {
    const { channel_id } = simulator.mutate.newThread({ channel_id: talk, name: 'Aside' })
    const [told] = await client.list(`/channels/${talk}/messages?limit=1`)
    expect(told).toMatchObject({ type: 18, content: 'Aside', message_reference: { channel_id } })
    expect(await client.walk(channel_id)).toEqual([])
  })

  it('a post has its first message under its own id, and is the newest thing of its forum', async () => {
    const forum = [...simulator.truth.channels()].find(({ json }) => json.type === 15)!.id
    const { channel_id } = simulator.mutate.newThread({ channel_id: forum, content: 'Help!' })
    const [first] = await client.walk(channel_id)
    expect(first).toMatchObject({ id: channel_id, type: 0, content: 'Help!' })
    expect((await client.get(`/channels/${forum}`)).body.last_message_id).toBe(channel_id)
    expect((await client.get(`/channels/${channel_id}`)).body).toMatchObject({
      message_count: 0,
      total_message_sent: 0,
    })
  })

  it('message_count falls when a message is deleted, total_message_sent does not, last_message_id stays', async () => {
    const { channel_id } = simulator.mutate.newThread({ channel_id: talk })
    simulator.mutate.send({ channel_id })
    const { id } = simulator.mutate.send({ channel_id })
    simulator.mutate.delete({ channel_id, id })
    expect((await client.get(`/channels/${channel_id}`)).body).toMatchObject({
      message_count: 1,
      total_message_sent: 2,
      last_message_id: id,
    })
    expect(simulator.truth.gone.messages).toContainEqual({ guild_id, channel_id, id })
  })

  it('what is archived loses messages and changes in no other way; what is locked stays asleep', async () => {
    const { channel_id } = simulator.mutate.newThread({ channel_id: talk })
    const { id } = simulator.mutate.send({ channel_id })
    simulator.mutate.lock({ channel_id })
    for (const change of ['edit', 'unfurl', 'pin', 'addReaction'] as const)
      expect(() => simulator.mutate[change]({ channel_id, id })).toThrow(TypeError)
    expect(() => simulator.mutate.send({ channel_id })).toThrow(TypeError)
    simulator.mutate.delete({ channel_id, id })
    expect(await client.walk(channel_id)).toEqual([])
    expect((await client.get(`/channels/${channel_id}`)).body.thread_metadata).toMatchObject({
      locked: true,
      archived: true,
    })
  })

  it('members: who wrote is in it, the bot when it has joined; the list needs the intent', async () => {
    const { channel_id } = simulator.mutate.newThread({ channel_id: talk })
    expect((await client.get(`/channels/${channel_id}`)).body).not.toHaveProperty('member')
    simulator.mutate.joinThread({ channel_id })
    expect((await client.get(`/channels/${channel_id}`)).body).toHaveProperty('member.id', channel_id)
    const whole = await client.list(`/channels/${channel_id}/thread-members?with_member=true&limit=1`)
    expect(whole.length).toBe(1)
    expect(whole[0]).toHaveProperty('member.user.id', whole[0]!.user_id)
    const ids = (await client.list(`/channels/${channel_id}/thread-members`)).map(({ user_id }) => user_id as string)
    expect(ids).toEqual(ids.toSorted(compareIds))
    simulator.mutate.guildMembers(false)
    expect((await client.get(`/channels/${channel_id}/thread-members`)).status).toBe(403)
  })
})
