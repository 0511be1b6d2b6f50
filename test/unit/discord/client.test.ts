import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { DiscordClient } from '../../../sources/discord/client.ts'
import { options } from '../../../sources/discord/options.ts'
import { fastRuntime } from '../http/fast_runtime.ts'
import { inTurn } from '../http/http_harness.ts'
import { type Handler, json } from '../http/local_server.ts'
import { CALL, startDiscord, TOKEN } from './discord_server.ts'

const list: Handler = (_, response) => json(response, 200, [{ id: '1' }], { date: 'Sun, 22 Nov 2026 10:00:00 GMT' })

describe('a request', () => {
  it('goes to version 10 with the token, says who asks and takes packed answers', async () => {
    await using discord = await startDiscord(list)
    const answer = await discord.client.get(['channels', '12', 'messages'], { limit: 100, after: undefined }, CALL)
    expect(answer).toMatchObject({ body: [{ id: '1' }], date: Date.UTC(2026, 10, 22, 10) })
    expect(answer.bytes).toBeGreaterThan(5)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(discord.client.lastDate).toBe(answer.date)
    const [seen] = discord.server.seen
    expect(seen).toMatchObject({ method: 'GET', url: '/api/v10/channels/12/messages?limit=100' })
    expect(seen!.headers.authorization).toBe(`Bot ${TOKEN}`)
    expect(seen!.headers['user-agent']).toMatch(/^DiscordBot \(parley-lakehouse, \d+\.\d+\.\d+\)$/)
    expect(seen!.headers['accept-encoding']).toContain('gzip')
  })

  it('unpacks gzip', async () => {
    await using discord = await startDiscord((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(gzipSync('{"id":"7"}'))
    })
    expect((await discord.client.get(['users', '@me'], {}, CALL)).body).toEqual({ id: '7' })
  })

  it.each([
    [
      ['channels', '1', 'messages', '2', 'reactions', '👍🏽'],
      {},
      '/channels/1/messages/2/reactions/%F0%9F%91%8D%F0%9F%8F%BD',
    ],
    [
      ['channels', '1', 'messages', '2', 'reactions', 'a b:3'],
      { type: 1 },
      '/channels/1/messages/2/reactions/a%20b%3A3?type=1',
    ],
    [['users', '@me'], {}, '/users/%40me'],
    [['guilds', '1'], { with_counts: true }, '/guilds/1?with_counts=true'],
    [
      ['guilds', '1', 'messages', 'search'],
      { channel_id: ['3', '4'], limit: 25 },
      '/guilds/1/messages/search?channel_id=3&channel_id=4&limit=25',
    ],
  ])('is written %j %j', async (path, query, url) => {
    await using discord = await startDiscord((_, response) => json(response, 200, {}))
    await discord.client.get(path, query, CALL)
    expect(discord.server.seen[0]!.url).toBe(`/api/v10${url}`)
  })

  it('whose answer has another shape is asked again', async () => {
    const object: Handler = (_, response) => json(response, 200, { message: 'hello' })
    await using discord = await startDiscord(inTurn(object, list))
    const { body } = await discord.client.get(['guilds', '1', 'channels'], {}, { signal: CALL.signal, expect: 'array' })
    expect(body).toEqual([{ id: '1' }])
  })

  it('asks a 404 again only for ids that a list has shown', async () => {
    const absent: Handler = (_, response) => json(response, 404, { message: 'Unknown Channel', code: 10003 })
    await using discord = await startDiscord(inTurn(absent, list))
    const path = ['channels', '1']
    await discord.client.get(path, {}, { signal: CALL.signal, retryNotFound: true })
    expect(discord.server.seen).toHaveLength(2)
  })
})

describe('the connection', () => {
  it.each([`Bot ${TOKEN}`, `  ${TOKEN}\n`, `bot  ${TOKEN} `])('takes the token as %j', async (bot_token) => {
    await using discord = await startDiscord(list, { options: { bot_token } })
    await discord.client.get(['users', '@me'], {}, CALL)
    expect(discord.server.seen[0]!.headers.authorization).toBe(`Bot ${TOKEN}`)
  })

  it.each(['a b', 'a\nb', 'ключ', '', 'Bot '])('refuses %j as a token without a request', (bot_token) => {
    const connect = () => new DiscordClient({ bot_token }, fastRuntime())
    expect(connect).toThrow(expect.objectContaining({ code: 'PARLEY_OPTION_INVALID', kind: 'configuration' }))
  })

  it('asks nothing when it is made, and checks its options', async () => {
    await using discord = await startDiscord(list)
    expect(discord.server.seen).toHaveLength(0)
    const resolved = resolveOptions(options, { bot_token: 'x' }, { scope: 'connection', unknown: 'error' })
    expect(resolved).toMatchObject({ discord_base_url: 'https://discord.com', global_requests_per_second: 50 })
  })
})
