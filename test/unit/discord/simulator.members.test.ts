import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { type DiscordSimulator, startDiscordSimulator, virtualClock } from '../../../sources/discord/simulator/index.ts'
import { compareIds } from '../../../sources/discord/simulator/snowflake.ts'
import { type DiscordClient, discordClient } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let guild_id: string

beforeEach(async () => {
  const generated = { guilds: 1, channelsPerGuild: 1, messagesPerChannel: 5, members: 1100, forums: 0 }
  simulator = await startDiscordSimulator({ clock: virtualClock(), throttle: 'off', dataset: { generated } })
  client = discordClient(simulator)
  guild_id = [...simulator.truth.guilds()][0]!.id
})
afterEach(() => simulator.close())

const userIds = (rows: readonly JsonObject[]): string[] => rows.map(({ user }) => (user as JsonObject).id as string)
const members = (query = ''): Promise<JsonObject[]> => client.list(`/guilds/${guild_id}/members?${query}`)

describe('members', () => {
  it('come by user id, one where no limit is given, a thousand at most', async () => {
    const truth = [...simulator.truth.members()].map(({ id }) => id)
    expect(truth.length).toBe(1101)
    expect(truth).toEqual(truth.toSorted(compareIds))
    expect(userIds(await members())).toEqual(truth.slice(0, 1))
    const first = userIds(await members('limit=1000'))
    expect(first).toEqual(truth.slice(0, 1000))
    expect(userIds(await members(`limit=1000&after=${first.at(-1)}`))).toEqual(truth.slice(1000))
    expect(await members(`limit=1000&after=${truth.at(-1)}`)).toEqual([])
    expect((await client.get(`/guilds/${guild_id}/members?limit=1001`)).status).toBe(400)
  })

  it('the list needs the intent, one member and the search do not', async () => {
    simulator.mutate.guildMembers(false)
    expect(await client.get(`/guilds/${guild_id}/members?limit=5`)).toMatchObject({
      status: 403,
      body: { code: 50001 },
    })
    const { id } = [...simulator.truth.members()][0]!
    expect((await client.get(`/guilds/${guild_id}/members/${id}`)).status).toBe(200)
    const found = await client.list(`/guilds/${guild_id}/members/search?query=MEMBER10&limit=3`)
    expect(found.length).toBe(3)
    expect((await client.get(`/guilds/${guild_id}/members/search`)).status).toBe(400)
  })

  it('flags of the application say which intents there are', async () => {
    const flags = async (): Promise<unknown> => (await client.get('/applications/@me')).body.flags
    expect(await flags()).toBe((1 << 15) | (1 << 19))
    simulator.mutate.guildMembers(false)
    simulator.mutate.messageContent(false)
    expect(await flags()).toBe(0)
    await simulator.close()
    simulator = await startDiscordSimulator({ clock: virtualClock(), verified: true })
    client = discordClient(simulator)
    expect(await flags()).toBe((1 << 14) | (1 << 18))
  })

  it('join, leave, get nicks and roles', async () => {
    const { user_id } = simulator.mutate.memberJoin({ guild_id, name: 'Nova' })
    const { role_id } = simulator.mutate.newRole({ guild_id, name: 'new' })
    simulator.mutate.memberNick({ guild_id, user_id, nick: 'Star' })
    simulator.mutate.memberRole({ guild_id, user_id, role_id })
    const path = `/guilds/${guild_id}/members/${user_id}`
    expect((await client.get(path)).body).toMatchObject({
      nick: 'Star',
      roles: [role_id],
      user: { global_name: 'Nova' },
    })
    expect((await client.get(`/guilds/${guild_id}/roles/member-counts`)).body).toMatchObject({ [role_id]: 1 })
    simulator.mutate.renameUser({ user_id, name: 'Nova II' })
    expect((await client.get(`/users/${user_id}`)).body.global_name).toBe('Nova II')
    simulator.mutate.deleteRole({ guild_id, role_id })
    expect((await client.get(path)).body.roles).toEqual([])
    simulator.mutate.memberLeave({ guild_id, user_id })
    expect(await client.get(path)).toMatchObject({ status: 404, body: { code: 10007 } })
  })

  it('@everyone has the id of the guild and is in nobody’s roles', async () => {
    const roles = await client.list(`/guilds/${guild_id}/roles`)
    expect(roles[0]).toMatchObject({ id: guild_id, name: '@everyone', position: 0 })
    for (const { json } of simulator.truth.members()) expect(json.roles).not.toContain(guild_id)
    expect((await client.get(`/guilds/${guild_id}/roles/member-counts`)).body).not.toHaveProperty(guild_id)
    expect(roles.find(({ tags }) => tags && 'premium_subscriber' in (tags as object))).toBeDefined()
  })
})
