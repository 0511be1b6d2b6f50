import { describe, expect, it } from 'vitest'
import { DiscordError } from '../../../sources/discord/errors/discord_error.ts'
import { type Handler, json } from '../http/local_server.ts'
import { CALL, startDiscord, TOKEN } from './discord_server.ts'

const page =
  (status: number, headers: Record<string, string> = {}, type = 'text/html'): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(type === 'text/html' ? '<html>Sorry, you have been blocked</html>' : 'error code: 1015')
  }

async function refusal(handler: Handler) {
  await using discord = await startDiscord(handler)
  const ask = () => discord.client.get(['channels', '1'], {}, CALL).catch((caught) => caught)
  const error = await ask()
  const again = await ask()
  return { error, again, requests: discord.server.seen.length, runtime: discord.runtime }
}

describe('an answer of Discord becomes an error with a code', () => {
  it.each([
    [400, 50_035, 'PARLEY_DISCORD_BAD_REQUEST', 'source'],
    [400, 10_014, 'PARLEY_DISCORD_UNKNOWN_EMOJI', 'source'],
    [403, 50_001, 'PARLEY_DISCORD_PERMISSION_MISSING', 'configuration'],
    [403, 50_013, 'PARLEY_DISCORD_PERMISSION_MISSING', 'configuration'],
    [403, 20_001, 'PARLEY_DISCORD_ENDPOINT_REFUSED', 'configuration'],
    [403, 20_002, 'PARLEY_DISCORD_ENDPOINT_REFUSED', 'configuration'],
    [404, 10_003, 'PARLEY_DISCORD_NOT_FOUND', 'source'],
    [404, 10_004, 'PARLEY_DISCORD_NOT_FOUND', 'source'],
    [404, 10_008, 'PARLEY_DISCORD_NOT_FOUND', 'source'],
    [418, 0, 'PARLEY_DISCORD_UNEXPECTED_STATUS', 'source'],
  ])('%i with %i is %s', async (status, discordCode, code, kind) => {
    const body = { message: `Some text with ${TOKEN}.`, code: discordCode }
    const { error, requests } = await refusal((_, response) => json(response, status, body))
    expect(error).toBeInstanceOf(DiscordError)
    expect(error).toMatchObject({ code, kind, status, discordCode, endsRun: false })
    expect(error.details).toEqual({ status, discord_code: discordCode, request: 'GET /api/v10/channels/1' })
    expect(error.message).toContain('Some text with [redacted].')
    expect(error.remedy).not.toBe('')
    expect(requests).toBe(2)
  })

  it.each([
    ['without a body', page(404, {}, 'text/plain'), 'PARLEY_DISCORD_NOT_FOUND'],
    [
      'with a list',
      (_: unknown, response: Parameters<Handler>[1]) => json(response, 400, []),
      'PARLEY_DISCORD_BAD_REQUEST',
    ],
  ])('%s too', async (_, handler, code) => {
    const { error } = await refusal(handler)
    expect(error).toMatchObject({ code, discordCode: undefined })
  })
})

describe('what every further request would meet ends all of them', () => {
  it.each<[string, Handler, string, string]>([
    [
      'a token that is not valid',
      (_, response) => json(response, 401, { message: '401: Unauthorized', code: 0 }),
      'PARLEY_DISCORD_TOKEN_INVALID',
      'configuration',
    ],
    [
      'Cloudflare that blocks the User-Agent',
      (_, response) => json(response, 403, { message: 'x', code: 40_333 }),
      'PARLEY_DISCORD_BLOCKED',
      'configuration',
    ],
    ['a page in place of JSON', page(403), 'PARLEY_DISCORD_BLOCKED', 'configuration'],
    ['a ban as text', page(429, { 'retry-after': '66271' }, 'text/plain'), 'PARLEY_DISCORD_BANNED', 'source'],
    ['a ban as a page', page(429, { 'retry-after': '66271' }), 'PARLEY_DISCORD_BANNED', 'source'],
    [
      'a ban as a page that has the headers of a limit',
      page(429, { 'retry-after': '66271', 'x-ratelimit-limit': '5' }),
      'PARLEY_DISCORD_BANNED',
      'source',
    ],
  ])('%s', async (_, handler, code, kind) => {
    const { error, again, requests } = await refusal(handler)
    expect(error).toMatchObject({ code, kind, endsRun: true })
    expect(again).toBe(error)
    expect(requests).toBe(1)
  })

  it('also those that wait in line', async () => {
    let asked = 0
    await using discord = await startDiscord((_, response) => {
      if (++asked === 1) json(response, 200, [])
      else json(response, 401, { message: '401: Unauthorized', code: 0 })
    })
    const call = { signal: CALL.signal }
    const asks = Array.from({ length: 30 }, () => discord.client.get(['channels', '1', 'messages'], {}, call))
    const ends = await Promise.allSettled(asks)
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = new Set(ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.code] : [])))
    expect([...codes]).toEqual(['PARLEY_DISCORD_TOKEN_INVALID'])
    // Those that were on their way with it.
    expect(asked).toBeLessThan(10)
  })

  it('says of a ban until when', async () => {
    const { error, runtime } = await refusal(page(429, { 'retry-after': '66271' }, 'text/plain'))
    const left = Date.parse(error.details.until) - runtime.now()
    expect(Math.abs(left - 66_271_000)).toBeLessThan(5000)
    expect(error.message).toContain(error.details.until)
    expect(error.remedy).toContain(error.details.until)
  })
})

describe('what is no ban is waited for', () => {
  const then = (first: Handler): Handler => {
    let asked = 0
    return (request, response, socket) =>
      asked++ === 0 ? first(request, response, socket) : json(response, 200, { id: '1' })
  }

  it.each<[string, Handler, string, number]>([
    ['Cloudflare for seconds', page(429, { 'retry-after': '7' }, 'text/plain'), 'global', 7],
    ['Cloudflare without a word', page(429, {}, 'text/plain'), 'global', 0.5],
    [
      'Discord for ten minutes',
      (_, response) =>
        json(
          response,
          429,
          { message: 'x', retry_after: 600, global: false },
          { 'retry-after': '600', 'x-ratelimit-scope': 'user' },
        ),
      'GET channels/:id 1',
      600,
    ],
    [
      'Discord without its headers',
      (_, response) => json(response, 429, { message: 'x', retry_after: 400.5 }),
      'GET channels/:id 1',
      400.5,
    ],
  ])('%s', async (_, handler, scope, seconds) => {
    await using discord = await startDiscord(then(handler))
    const began = discord.runtime.now()
    expect((await discord.client.get(['channels', '1'], {}, CALL)).body).toEqual({ id: '1' })
    expect((discord.runtime.now() - began) / 1000).toBeGreaterThanOrEqual(seconds)
    const [event] = discord.runtime.events.filter(({ type }) => type === 'throttled')
    expect(event).toMatchObject({ scope })
  })

  it('an index that is being made', async () => {
    const body = { message: 'Index not yet available.', code: 110_000, documents_indexed: 0, retry_after: 15 }
    await using discord = await startDiscord(then((_, response) => json(response, 202, body)))
    const began = discord.runtime.now()
    await discord.client.get(['guilds', '1', 'messages', 'search'], {}, CALL)
    expect(discord.runtime.now() - began).toBeGreaterThanOrEqual(15_000)
  })

  it('an API that is overloaded, and not for ever', async () => {
    await using discord = await startDiscord((_, response) => json(response, 500, { message: 'x', code: 130_000 }))
    const error = await discord.client.get(['channels', '1'], {}, CALL).catch((caught) => caught)
    expect(error).toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE', details: { last: 'overloaded', attempts: 5 } })
  })
})

describe('a ban in the middle of a run', () => {
  it('keeps what was read, and nothing more is asked', async () => {
    let asked = 0
    await using discord = await startDiscord((request, response, socket) => {
      if (++asked <= 10) json(response, 200, [])
      else page(429, { 'retry-after': '40000' }, 'text/plain')(request, response, socket)
    })
    const call = { signal: CALL.signal }
    const channels = Array.from({ length: 20 }, (_, n) => String(n))
    const walk = async (channel: string) => {
      for (let n = 0; n < 5; n++) await discord.client.get(['channels', channel, 'messages'], {}, call)
    }
    const ends = await Promise.allSettled(channels.map(walk))
    for (const end of ends) expect(end).toMatchObject({ reason: { code: 'PARLEY_DISCORD_BANNED' } })
    // Those that were on their way when the answer came.
    expect(asked).toBeLessThanOrEqual(30)
  })
})
