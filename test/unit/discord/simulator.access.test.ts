import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { type DiscordClient, discordClient, idsOf } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let guild_id: string

beforeEach(() => start())
afterEach(() => simulator.close())

async function start(options: DiscordSimulatorOptions = {}): Promise<void> {
  simulator = await startDiscordSimulator({ clock: virtualClock(), throttle: 'off', ...options })
  client = discordClient(simulator)
  guild_id = [...simulator.truth.guilds()][0]!.id
}

function named(name: string): string {
  return [...simulator.truth.channels()].find(({ json }) => json.name === name)!.id
}

/** Status and code of an answer. */
async function refusal(path: string, headers = {}): Promise<[number, unknown]> {
  const { status, body } = await client.get(path, headers)
  return [status, status === 200 ? undefined : body.code]
}

describe('who asks', () => {
  it.each([
    ['no token', undefined],
    ['a wrong token', 'Bot nonsense'],
    ['no prefix', 'token'],
    ['a Bearer', 'Bearer token'],
  ])('%s is answered 401', async (_, authorization) => {
    const value = authorization?.replace('token', simulator.connection.bot_token)
    const answer = await client.get('/users/@me', { authorization: value })
    expect(answer).toMatchObject({ status: 401, body: { message: '401: Unauthorized', code: 0 } })
  })

  it('a client that does not say DiscordBot gets a page of Cloudflare', async () => {
    const answer = await client.get<string>('/users/@me', { 'user-agent': 'curl/8' })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.body).toContain('40333')
  })

  it.each(['/api/users/@me', '/api/v6/users/@me', '/api/v8/guilds/1', '/api/v11/users/@me'])(
    '%s is no version that is served',
    async (path) => {
      expect(await refusal(`${simulator.origin}${path}`)).toEqual([400, 50041])
    },
  )

  it('version 9 answers, unknown paths are 404, other methods 405', async () => {
    expect((await client.get(`${simulator.origin}/api/v9/users/@me`)).status).toBe(200)
    expect(await client.get('/nowhere')).toMatchObject({ status: 404, body: { message: '404: Not Found', code: 0 } })
    expect((await fetch(`${simulator.origin}/api/v10/users/@me`, { method: 'POST' })).status).toBe(405)
  })

  it('a rotated token is refused at once', async () => {
    const fresh = simulator.mutate.rotateToken()
    expect((await client.get('/users/@me')).status).toBe(401)
    expect((await client.get('/users/@me', { authorization: `Bot ${fresh}` })).status).toBe(200)
  })
})

describe('guilds', () => {
  it('a guild that the bot is not in is unknown, what is in it is refused', async () => {
    const channel = named('general')
    simulator.mutate.kickBot({ guild_id })
    expect(await refusal(`/guilds/${guild_id}`)).toEqual([404, 10004])
    for (const path of ['channels', 'roles', 'members', 'threads/active', 'emojis'])
      expect(await refusal(`/guilds/${guild_id}/${path}`)).toEqual([403, 50001])
    expect(await refusal(`/channels/${channel}/messages`)).toEqual([403, 50001])
    expect(await client.list('/users/@me/guilds')).toEqual([])
    simulator.mutate.inviteBot({ guild_id })
    expect(await refusal(`/guilds/${guild_id}`)).toEqual([200, undefined])
    expect(idsOf(await client.list('/users/@me/guilds'))).toEqual([guild_id])
  })

  it('a guild that is deleted is unknown with all that was in it', async () => {
    const channel = named('general')
    simulator.mutate.deleteGuild({ guild_id })
    expect(await refusal(`/guilds/${guild_id}`)).toEqual([404, 10004])
    expect(await refusal(`/guilds/${guild_id}/channels`)).toEqual([404, 10004])
    expect(await refusal(`/channels/${channel}`)).toEqual([404, 10003])
    expect(simulator.truth.gone.guilds).toEqual([{ id: guild_id }])
  })

  it('come in pages by id', async () => {
    for (let index = 0; index < 4; index++) simulator.mutate.newGuild()
    const all = idsOf(await client.list('/users/@me/guilds'))
    expect(all.length).toBe(5)
    expect(idsOf(await client.list('/users/@me/guilds?limit=2'))).toEqual(all.slice(0, 2))
    expect(idsOf(await client.list(`/users/@me/guilds?limit=2&after=${all[1]}`))).toEqual(all.slice(2, 4))
    expect(idsOf(await client.list(`/users/@me/guilds?limit=2&before=${all[4]}`))).toEqual(all.slice(2, 4))
    expect(await refusal('/users/@me/guilds?limit=201')).toEqual([400, 50035])
  })

  it('unknown role, member and user have codes of their own', async () => {
    expect(await refusal(`/guilds/${guild_id}/roles/1`)).toEqual([404, 10011])
    expect(await refusal(`/guilds/${guild_id}/members/1`)).toEqual([404, 10007])
    expect(await refusal('/users/1')).toEqual([404, 10013])
  })
})

describe('channels', () => {
  it('a hidden one is left out of the list, and refused', async () => {
    const channel_id = named('general')
    simulator.mutate.hideChannel({ channel_id })
    expect(idsOf(await client.list(`/guilds/${guild_id}/channels`))).not.toContain(channel_id)
    expect(await refusal(`/channels/${channel_id}`)).toEqual([403, 50001])
    expect(await refusal(`/channels/${channel_id}/messages`)).toEqual([403, 50001])
    simulator.mutate.showChannel({ channel_id })
    expect(idsOf(await client.list(`/guilds/${guild_id}/channels`))).toContain(channel_id)
    expect((await client.list(`/channels/${channel_id}/messages`)).length).toBe(50)
  })

  it('before the change of 2026-11-16 it was in the list', async () => {
    await simulator.close()
    await start({ visibility: 'all_listed' })
    const channel_id = named('general')
    simulator.mutate.hideChannel({ channel_id })
    expect(idsOf(await client.list(`/guilds/${guild_id}/channels`))).toContain(channel_id)
    expect(await refusal(`/channels/${channel_id}/messages`)).toEqual([403, 50001])
  })

  it('a category goes out of sight with the last of its channels', async () => {
    const boats = named('Boats')
    const children = [...simulator.truth.channels()].filter(({ json }) => json.parent_id === boats)
    simulator.mutate.deny({ channel_id: boats, permission: 'VIEW_CHANNEL' })
    expect(idsOf(await client.list(`/guilds/${guild_id}/channels`))).toContain(boats)
    for (const { id } of children) simulator.mutate.hideChannel({ channel_id: id })
    expect(idsOf(await client.list(`/guilds/${guild_id}/channels`))).not.toContain(boats)
  })

  it('without READ_MESSAGE_HISTORY messages and pins are empty and no error', async () => {
    const channel_id = named('general')
    const message = (await client.list(`/channels/${channel_id}/messages?limit=1`))[0]!.id
    simulator.mutate.denyHistory({ channel_id })
    expect((await client.get(`/channels/${channel_id}/messages`)).body).toEqual([])
    expect((await client.get(`/channels/${channel_id}/messages/pins`)).body).toEqual({ items: [], has_more: false })
    expect(await refusal(`/channels/${channel_id}/messages/${message}`)).toEqual([403, 50013])
    expect(await refusal(`/channels/${channel_id}/threads/archived/public`)).toEqual([403, 50013])
    simulator.mutate.allowHistory({ channel_id })
    expect((await client.list(`/channels/${channel_id}/messages`)).length).toBe(50)
  })

  it('voice and stage need CONNECT', async () => {
    for (const name of ['Clubhouse', 'Race briefing']) {
      const channel_id = named(name)
      expect((await client.list(`/channels/${channel_id}/messages`)).length).toBe(4)
      simulator.mutate.deny({ channel_id, permission: 'CONNECT' })
      expect(await refusal(`/channels/${channel_id}/messages`)).toEqual([403, 50001])
    }
  })

  it('forums, media channels and categories hold no messages', async () => {
    for (const name of ['questions', 'photos', 'Club'])
      expect(await refusal(`/channels/${named(name)}/messages`)).toEqual([400, 50024])
  })

  it('a deleted one is unknown', async () => {
    const channel_id = named('workshop')
    const inside = [...simulator.truth.threads()].find(({ json }) => json.parent_id === channel_id)!.id
    simulator.mutate.deleteChannel({ channel_id })
    expect(await refusal(`/channels/${channel_id}`)).toEqual([404, 10003])
    expect(await refusal(`/channels/${inside}/messages`)).toEqual([404, 10003])
    expect(simulator.truth.gone.channels).toContainEqual({ guild_id, id: channel_id })
  })

  it('the overwrite of a role holds for who has the role', async () => {
    const committee = named('committee')
    expect(idsOf(await client.list(`/guilds/${guild_id}/channels`))).toContain(committee)
    const own = (await client.list(`/guilds/${guild_id}/roles`)).find((role) => role.name === 'parley')!
    simulator.mutate.memberRole({ guild_id, user_id: simulator.botId, role_id: own.id as string })
    expect(await refusal(`/channels/${committee}/messages`)).toEqual([403, 50001])
    simulator.mutate.memberRole({ guild_id, user_id: simulator.botId, role_id: own.id as string })
    expect(await refusal(`/channels/${committee}/messages`)).toEqual([200, undefined])
  })

  it('a bot in a time-out still reads, and manages nothing', async () => {
    const general = named('general')
    simulator.mutate.memberTimeout({ guild_id })
    expect((await client.list(`/channels/${general}/messages`)).length).toBe(50)
    expect(await refusal(`/channels/${general}/threads/archived/private`)).toEqual([403, 50013])
    expect(await refusal(`/channels/${named('Clubhouse')}/messages`)).toEqual([403, 50001])
    simulator.clock.advance(3_600_001)
    expect(await refusal(`/channels/${general}/threads/archived/private`)).toEqual([200, undefined])
  })
})
