import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { type DiscordSimulator, startDiscordSimulator } from '../../../sources/discord/simulator/index.ts'
import { sharedOrSkip } from '../../support/shared.ts'
import { type DiscordClient, discordClient } from './simulator_client.ts'
import { discordChecker, type SchemaChecker } from './simulator_openapi.ts'

const shared = sharedOrSkip(
  'answers of the Discord simulator against the OpenAPI description and the published examples',
)

describe.skipIf(shared === undefined)('answers against the OpenAPI description', () => {
  let simulator: DiscordSimulator
  let client: DiscordClient
  let checker: SchemaChecker
  let guild: string
  let named: (name: string) => string
  let thread: string
  let reacted: { channel_id: string; id: string; json: JsonObject }
  let polled: { channel_id: string; id: string }

  beforeAll(async () => {
    const dataset = { generated: { guilds: 2, channelsPerGuild: 9, messagesPerChannel: 300, threadsPerChannel: 8 } }
    simulator = await startDiscordSimulator({ throttle: 'off', dataset, seed: 4 })
    for (let index = 0; index < 80; index++) simulator.mutate.random()
    client = discordClient(simulator)
    checker = discordChecker(join(shared!, 'reference/discord.openapi.json'))
    guild = [...simulator.truth.guilds()][0]!.id
    const channels = [...simulator.truth.channels({ guild_id: guild })]
    named = (name) => channels.find(({ json }) => json.name === name)!.id
    thread = [...simulator.truth.threads({ guild_id: guild })].find(({ json }) => json.type === 11)!.id
    const messages = [...simulator.truth.messages({ guild_id: guild })]
    reacted = messages.find(({ json }) => json.reactions)!
    polled = messages.find(({ json }) => json.poll)!
  })
  afterAll(() => simulator?.close())

  const cases: [path: string, address: () => string][] = [
    ['/users/@me', () => '/users/@me'],
    ['/users/{user_id}', () => `/users/${(reacted.json.author as JsonObject).id}`],
    ['/applications/@me', () => '/applications/@me'],
    ['/users/@me/guilds', () => '/users/@me/guilds?with_counts=true'],
    ['/guilds/{guild_id}', () => `/guilds/${guild}?with_counts=true`],
    ['/guilds/{guild_id}/channels', () => `/guilds/${guild}/channels`],
    ['/guilds/{guild_id}/roles', () => `/guilds/${guild}/roles`],
    ['/guilds/{guild_id}/roles/{role_id}', () => `/guilds/${guild}/roles/${guild}`],
    ['/guilds/{guild_id}/roles/member-counts', () => `/guilds/${guild}/roles/member-counts`],
    ['/guilds/{guild_id}/emojis', () => `/guilds/${guild}/emojis`],
    ['/guilds/{guild_id}/stickers', () => `/guilds/${guild}/stickers`],
    ['/guilds/{guild_id}/members', () => `/guilds/${guild}/members?limit=1000`],
    ['/guilds/{guild_id}/members/search', () => `/guilds/${guild}/members/search?query=mem&limit=10`],
    ['/guilds/{guild_id}/members/{user_id}', () => `/guilds/${guild}/members/${simulator.botId}`],
    ['/guilds/{guild_id}/threads/active', () => `/guilds/${guild}/threads/active`],
    ['/guilds/{guild_id}/messages/search', () => `/guilds/${guild}/messages/search?content=anybody`],
    ['/channels/{channel_id}', () => `/channels/${named('general')}`],
    ['/channels/{channel_id}', () => `/channels/${named('help-0')}`],
    ['/channels/{channel_id}', () => `/channels/${thread}`],
    ['/channels/{channel_id}/threads/archived/public', () => `/channels/${named('general')}/threads/archived/public`],
    ['/channels/{channel_id}/threads/archived/public', () => `/channels/${named('help-0')}/threads/archived/public`],
    ['/channels/{channel_id}/threads/archived/private', () => `/channels/${named('talk-1')}/threads/archived/private`],
    [
      '/channels/{channel_id}/users/@me/threads/archived/private',
      () => `/channels/${named('talk-1')}/users/@me/threads/archived/private`,
    ],
    ['/channels/{channel_id}/threads/search', () => `/channels/${named('help-0')}/threads/search?name=topic`],
    ['/channels/{channel_id}/thread-members', () => `/channels/${thread}/thread-members?with_member=true`],
    ['/channels/{channel_id}/messages', () => `/channels/${named('general')}/messages?limit=100`],
    ['/channels/{channel_id}/messages', () => `/channels/${thread}/messages?limit=100`],
    ['/channels/{channel_id}/messages/{message_id}', () => `/channels/${reacted.channel_id}/messages/${reacted.id}`],
    ['/channels/{channel_id}/messages/pins', () => `/channels/${named('general')}/messages/pins`],
    ['/channels/{channel_id}/pins', () => `/channels/${named('general')}/pins`],
    [
      '/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}',
      () => `/channels/${reacted.channel_id}/messages/${reacted.id}/reactions/${encodeURIComponent('👍')}`,
    ],
    [
      '/channels/{channel_id}/polls/{message_id}/answers/{answer_id}',
      () => `/channels/${polled.channel_id}/polls/${polled.id}/answers/1`,
    ],
  ]

  it.each(cases)('%s fits (%s)', async (path, address) => {
    const { status, body, headers } = await client.get(address())
    expect(status, JSON.stringify(body)).toBe(200)
    expect(checker.check(path, '200', body)).toEqual([])
    expect(headers.get('content-type')).toBe('application/json')
  })

  it('every message there is fits, with the members that are declared and no others', () => {
    const declared = checker.members('MessageResponse')
    const rows = [...simulator.truth.messages()].map(({ json }) => json)
    for (const row of rows) expect(Object.keys(row).filter((name) => !declared.has(name))).toEqual([])
    expect(checker.check('/channels/{channel_id}/messages', '200', rows)).toEqual([])
  })

  it('the check itself sees what does not fit', async () => {
    const [row] = await client.list(`/channels/${named('general')}/messages?limit=1`)
    for (const wrong of [{ type: 99 }, { timestamp: '2026-01-01T00:00:00Z' }, { id: 7 }, { flags: null }]) {
      expect(checker.check('/channels/{channel_id}/messages', '200', [{ ...row, ...wrong }])).not.toEqual([])
    }
  })

  it.each<[string, () => string, number, number]>([
    ['/channels/{channel_id}', () => '/channels/1', 404, 10003],
    ['/guilds/{guild_id}', () => '/guilds/1', 404, 10004],
    ['/channels/{channel_id}/messages', () => `/channels/${named('general')}/messages?limit=101`, 400, 50035],
  ])('%s: errors fit the envelope (%s)', async (path, address, status, code) => {
    const answer = await client.get(address())
    expect(answer).toMatchObject({ status, body: { code } })
    expect(checker.check(path, '4XX', answer.body)).toEqual([])
  })

  it('a 429 fits its envelope', async () => {
    simulator.setFaults({ rules: [{ route: 'guild', fault: { kind: 'throttle', retry_after: 2 } }] })
    const answer = await client.get(`/guilds/${guild}`)
    simulator.setFaults(null)
    expect(answer).toMatchObject({ status: 429, body: { retry_after: 2, global: false } })
    // The description wants `code`, which the documented bodies and the wild do not have.
    expect(checker.check('/guilds/{guild_id}', '429', { code: 0, ...answer.body })).toEqual([])
  })

  it('messages and channels have at least the members of the published examples', async () => {
    const example = (name: string): JsonObject =>
      JSON.parse(readFileSync(join(shared!, 'reference/examples/discord', name), 'utf8'))
    expect(readdirSync(join(shared!, 'reference/examples/discord')).length).toBeGreaterThan(20)
    expect(Object.keys(reacted.json)).toEqual(
      expect.arrayContaining(Object.keys(example('message_example_message.json'))),
    )
    const { body: text } = await client.get(`/channels/${named('general')}`)
    const published = example('channel_example_guild_text_channel.json')
    expect(Object.keys(text)).toEqual(expect.arrayContaining(Object.keys(published)))
    const { body: inside } = await client.get(`/channels/${thread}`)
    expect(Object.keys(inside)).toEqual(
      expect.arrayContaining(Object.keys(example('channel_example_thread_channel.json'))),
    )
    const { body: whole } = await client.get(`/guilds/${guild}?with_counts=true`)
    const answer = example('guild_get_guild_example_response.json')
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(Object.keys(answer)))
  })
})
