import { describe, expect, it } from 'vitest'
import type { DiscordClient } from '../../../sources/discord/client.ts'
import { type FastRuntime, fastRuntime } from '../http/fast_runtime.ts'
import { type Handler, json } from '../http/local_server.ts'
import { absurd, boastful, honest, silent, type TellingServer, Window } from '../http/telling_servers.ts'
import { CALL, startDiscord } from './discord_server.ts'
import { rateServer } from './rate_server.ts'

/** Asks for one page after the other, as a walk through a channel does. */
async function walk(client: DiscordClient, pages: number, channel = '1'): Promise<void> {
  const call = { signal: CALL.signal }
  for (let page = 0; page < pages; page++) await client.get(['channels', channel, 'messages'], {}, call)
}

const throttled = (runtime: FastRuntime) => runtime.events.filter((event) => event.type === 'throttled')

/** A clock that only waits move, and 40 ms a request: figures do not depend on how busy the machine is. */
function countedRuntime() {
  let now = 1_800_000_000_000
  const sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted()
    now += ms
    await new Promise((resolve) => setImmediate(resolve))
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { runtime: fastRuntime({ now: () => now, sleep }), pass }
}

/** Requests a second that a walk makes when the limit has become known, and how many of them are refused. */
async function measure(limit: () => TellingServer, pages = 600, warmUp = 200) {
  const { runtime, pass } = countedRuntime()
  const server = rateServer({ now: runtime.now, limit })
  const handler: Handler = (request, response, socket) => {
    pass(20)
    server(request, response, socket)
    pass(20)
  }
  await using discord = await startDiscord(handler, { runtime })
  await walk(discord.client, warmUp)
  const began = runtime.now()
  const refused = server.refused
  await walk(discord.client, pages)
  return {
    perSecond: (pages * 1000) / (runtime.now() - began),
    refusedShare: (server.refused - refused) / pages,
    all: server.refused,
    events: throttled(runtime),
  }
}

describe('limits learnt from answers', () => {
  it.each<[string, () => TellingServer, number]>([
    ['told truly', () => honest(5, 5000), 1],
    ['told truly, and lower', () => honest(1, 2000), 0.5],
    ['not told', () => silent(5, 5000), 1],
    ['told as 1000 with 999 left until a refusal', () => boastful(5, 5000), 1],
    ['told with a reset in hours that is not enforced', () => absurd(5, 5000, 72_000_000), 1],
    ['told as used up, for hours, and not enforced', () => absurd(5, 5000, 72_000_000, true), 1],
  ])('are used and hardly passed: %s', async (_, limit, binding) => {
    const { perSecond, refusedShare } = await measure(limit)
    expect(perSecond / binding).toBeGreaterThanOrEqual(0.95)
    expect(refusedShare).toBeLessThan(0.01)
  })

  it('are shared with another process that uses the same token', async () => {
    const { perSecond, refusedShare } = await measure(() => {
      const window = new Window(5, 5000)
      let due = 0
      return {
        answer(now) {
          for (due ||= now; due <= now; due += 2500) window.answer(due)
          return window.answer(now)
        },
      }
    })
    // The other takes up to two of five.
    expect(perSecond).toBeGreaterThanOrEqual(0.57)
    expect(refusedShare).toBeLessThan(0.01)
  })

  it('that only a refusal tells are in its event', async () => {
    const { events } = await measure(() => boastful(5, 5000), 400, 0)
    expect(events.length).toBeGreaterThan(0)
    expect(events[0]).toMatchObject({
      scope: 'GET channels/:id/messages 1',
      method: 'GET',
      path: '/api/v10/channels/1/messages',
      status: 429,
      limit: 5,
    })
    expect(events[0]!.wait_seconds).toBeGreaterThanOrEqual(Number(events[0]!.retry_after))
  })
})

describe('a refusal', () => {
  const refusing = (headers: Record<string, string>, body: object): { handler: Handler; at: number[] } => {
    const at: number[] = []
    let refused = false
    const handler: Handler = (request, response) => {
      at.push(request.at)
      if (refused || !request.url.includes('/channels/1/')) return json(response, 200, [])
      refused = true
      json(response, 429, body, headers)
    }
    return { handler, at }
  }
  const GLOBAL = { message: 'x', retry_after: 2.5, global: true }

  it.each([
    ['by header', { 'retry-after': '3', 'x-ratelimit-global': 'true' }, { message: 'x', retry_after: 2.5 }],
    ['by scope', { 'retry-after': '3', 'x-ratelimit-scope': 'global' }, { message: 'x', retry_after: 2.5 }],
    ['by body', { 'retry-after': '3' }, GLOBAL],
    ['without Retry-After', {}, { ...GLOBAL, retry_after: 3 }],
  ])('of the whole bot holds everything back: %s', async (_, headers: Record<string, string>, body) => {
    const { handler } = refusing(headers, body)
    await using discord = await startDiscord(handler)
    const began = discord.runtime.now()
    const first = walk(discord.client, 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await walk(discord.client, 1, '2')
    await first
    expect(discord.runtime.now() - began).toBeGreaterThanOrEqual(3000)
    expect(throttled(discord.runtime)).toMatchObject([{ scope: 'global', limit: 50 }])
  })

  it('for what others do to the channel pauses it and leaves its rate alone', async () => {
    const shared = { 'retry-after': '2', 'x-ratelimit-scope': 'shared', 'x-ratelimit-remaining': '3' }
    const { handler } = refusing(shared, { message: 'The resource is being rate limited.', retry_after: 2 })
    await using discord = await startDiscord(handler, { runtime: countedRuntime().runtime })
    await walk(discord.client, 1)
    const began = discord.runtime.now()
    await walk(discord.client, 50)
    expect((discord.runtime.now() - began) / 1000).toBeLessThan(51.5)
    expect(throttled(discord.runtime)).toHaveLength(1)
  })

  it('is kept to by the header, which is later than the body', async () => {
    const { handler } = refusing({ 'retry-after': '4', 'x-ratelimit-scope': 'user' }, { retry_after: 3.02 })
    await using discord = await startDiscord(handler)
    const began = discord.runtime.now()
    await walk(discord.client, 1)
    expect(discord.runtime.now() - began).toBeGreaterThanOrEqual(4000)
  })
})

describe('the bucket of a route', () => {
  it('is shared by the routes of one hash, for each channel apart', async () => {
    const { runtime } = countedRuntime()
    const handler = rateServer({ now: runtime.now, limit: () => honest(5, 5000) })
    await using discord = await startDiscord(handler, { runtime })
    const call = { signal: CALL.signal }
    const one = () => discord.client.get(['channels', '1', 'messages'], {}, call)
    const other = () => discord.client.get(['channels', '1', 'pins'], {}, call)
    await one()
    await other()
    const began = runtime.now()
    for (let n = 0; n < 10; n++) await Promise.all([one(), other()])
    expect((runtime.now() - began) / 1000).toBeGreaterThanOrEqual(18)
    expect(handler.refused).toBe(0)
    const elsewhere = runtime.now()
    await walk(discord.client, 1, '2')
    expect(runtime.now() - elsewhere).toBeLessThan(200)
  })

  it('is as wide as the option says for the bot as a whole', async () => {
    const options = { global_requests_per_second: 2 }
    await using discord = await startDiscord((_, response) => json(response, 200, []), { options })
    const began = discord.runtime.now()
    await Promise.all(Array.from({ length: 20 }, (_, n) => walk(discord.client, 1, String(n))))
    expect(discord.runtime.now() - began).toBeGreaterThanOrEqual(8900)
  })
})
