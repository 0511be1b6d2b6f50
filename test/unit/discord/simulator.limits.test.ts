import { afterEach, describe, expect, it } from 'vitest'
import {
  type DiscordSimulator,
  type LimitOptions,
  startDiscordSimulator,
  virtualClock,
} from '../../../sources/discord/simulator/index.ts'
import { type DiscordAnswer, type DiscordClient, discordClient } from './simulator_client.ts'

let simulator: DiscordSimulator
let client: DiscordClient
let channels: string[]
let guild: string

afterEach(() => simulator.close())

async function start(limits: LimitOptions = {}): Promise<void> {
  simulator = await startDiscordSimulator({ clock: virtualClock(), limits })
  client = discordClient(simulator)
  guild = [...simulator.truth.guilds()][0]!.id
  channels = [...simulator.truth.channels()].filter(({ json }) => json.type === 0).map(({ id }) => id)
}

const messages = (channel = channels[0]): Promise<DiscordAnswer> => client.get(`/channels/${channel}/messages?limit=1`)

/** Headers of the limits, by their short names. */
function rate({ headers }: DiscordAnswer): Record<string, string | null> {
  const of = (name: string) => headers.get(`x-ratelimit-${name}`)
  return Object.fromEntries(
    ['limit', 'remaining', 'reset', 'reset-after', 'bucket', 'scope', 'global'].map((name) => [name, of(name)]),
  )
}

describe('limits of a route', () => {
  it('five message lists of a channel in five seconds, counted from the first of them', async () => {
    await start()
    const answers: DiscordAnswer[] = []
    for (let index = 0; index < 5; index++) {
      answers.push(await messages())
      simulator.clock.advance(100)
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(answers.map((answer) => rate(answer).remaining)).toEqual(['4', '3', '2', '1', '0'])
    expect(rate(answers[1]!)).toMatchObject({ limit: '5', 'reset-after': '4.900', scope: null })
    const refused = await messages()
    expect(refused).toMatchObject({
      status: 429,
      body: { message: 'You are being rate limited.', retry_after: 4.5, global: false },
    })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(rate(refused)).toMatchObject({ limit: '5', remaining: '0', 'reset-after': '4.500', scope: 'user' })
    expect(rate(refused).bucket).toBe(rate(answers[0]!).bucket)
    expect(Number(rate(refused).reset)).toBe((simulator.clock.now() + 4500) / 1000)
  })

  it('knocking does not make it longer, and the end of the window is the end of it', async () => {
    await start()
    for (let index = 0; index < 5; index++) await messages()
    for (let index = 0; index < 4; index++) {
      simulator.clock.advance(1000)
      expect((await messages()).status).toBe(429)
    }
    simulator.clock.advance(1000)
    expect(rate(await messages())).toMatchObject({ remaining: '4', 'reset-after': '5.000' })
  })

  it('the hash is that of the route, the count that of the channel', async () => {
    await start()
    const [one, other] = [await messages(channels[0]), await messages(channels[1])]
    expect(rate(one).bucket).toBe(rate(other).bucket)
    expect([rate(one).remaining, rate(other).remaining]).toEqual(['4', '4'])
    const archived = await client.get(`/channels/${channels[0]}/threads/archived/public`)
    const joined = await client.get(`/channels/${channels[0]}/users/@me/threads/archived/private`)
    expect(rate(archived).bucket).toBe(rate(joined).bucket)
    expect(Number(rate(joined).remaining)).toBe(Number(rate(archived).remaining) - 1)
  })

  it('refusals of access count like answers and say so', async () => {
    await start()
    simulator.mutate.hideChannel({ channel_id: channels[0]! })
    const answers = []
    for (let index = 0; index < 6; index++) answers.push(await messages())
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 429])
    expect(rate(answers[0]!).remaining).toBe('4')
  })

  it('some routes tell nothing and are limited all the same', async () => {
    await start()
    const answers: DiscordAnswer[] = []
    for (let index = 0; index < 6; index++) answers.push(await client.get('/users/@me/guilds'))
    for (const answer of answers) expect(Object.values(rate(answer)).filter(Boolean)).toEqual([])
    expect(answers[5]!.status).toBe(429)
    expect(answers[5]!.headers.get('retry-after')).toBe('5')
  })

  it('other limits are other numbers', async () => {
    await start({ messages: { limit: 2, windowMs: 10_000 }, buckets: { roles: { limit: 7, windowMs: 1000 } } })
    expect(rate(await messages())).toMatchObject({ limit: '2', 'reset-after': '10.000' })
    expect(rate(await client.get(`/guilds/${guild}/roles`))).toMatchObject({ limit: '7', 'reset-after': '1.000' })
  })
})

describe('limits of the bot', () => {
  it('fifty a second over all routes, told without the headers of a route', async () => {
    await start()
    for (let index = 0; index < 50; index++) await client.get(`/users/${index + 1}`)
    const refused = await client.get(`/guilds/${guild}`)
    expect(refused).toMatchObject({ status: 429, body: { global: true, retry_after: 1 } })
    expect(rate(refused)).toEqual({
      limit: null,
      remaining: null,
      reset: null,
      'reset-after': null,
      bucket: null,
      scope: 'global',
      global: 'true',
    })
    expect(refused.headers.get('retry-after')).toBe('1')
    simulator.clock.advance(1000)
    expect((await client.get(`/guilds/${guild}`)).status).toBe(200)
  })
})

describe('what has been seen in the wild', () => {
  it('1000 of 1000 until it is 0 of 5 under another hash', async () => {
    await start({ misleading: true })
    const good: DiscordAnswer[] = []
    for (let index = 0; index < 5; index++) good.push(await messages())
    for (const answer of good) expect(rate(answer)).toMatchObject({ limit: '1000', remaining: '999' })
    const refused = await messages()
    expect(rate(refused)).toMatchObject({ limit: '5', remaining: '0', scope: 'user' })
    expect(rate(refused).bucket).not.toBe(rate(good[0]!).bucket)
  })

  it('a Reset-After of hours that nothing enforces', async () => {
    await start({ absurdResetAfter: true })
    let last: DiscordAnswer | undefined
    for (let index = 0; index < 5; index++) last = await messages()
    expect(rate(last!)).toMatchObject({ remaining: '0', 'reset-after': '14400.000' })
    simulator.clock.advance(5000)
    expect((await messages()).status).toBe(200)
  })

  it('Cloudflare, from a request on', async () => {
    await start({ cloudflareAfter: 3 })
    expect([(await messages()).status, (await messages()).status]).toEqual([200, 200])
    const banned = await client.get<string>('/users/@me')
    expect(banned).toMatchObject({ status: 429, body: 'error code: 1015' })
    expect(banned.headers.get('retry-after')).toBe('66271')
    expect(banned.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(Object.values(rate(banned as never)).filter(Boolean)).toEqual([])
    simulator.clock.advance(66_271_000)
    expect((await messages()).status).toBe(200)
  })

  it('too many invalid requests ban the address for a day; those of scope shared do not count', async () => {
    await start({ invalidBudget: { limit: 4, windowMs: 600_000 } })
    simulator.setFaults({ rules: [{ route: 'guild', fault: { kind: 'throttle', retry_after: 1, scope: 'shared' } }] })
    for (let index = 0; index < 9; index++) {
      const shared = await client.get(`/guilds/${guild}`)
      expect(shared).toMatchObject({ status: 429, body: { message: 'The resource is being rate limited.' } })
      expect(Number(rate(shared).remaining)).toBeGreaterThan(0)
      expect(rate(shared).scope).toBe('shared')
    }
    for (let index = 0; index < 5; index++)
      expect((await client.get('/users/@me', { authorization: 'Bot x' })).status).toBe(401)
    const banned = await client.get('/users/@me')
    expect(banned.status).toBe(429)
    expect(banned.headers.get('retry-after')).toBe('86400')
  })
})

describe('statistics', () => {
  it('say per kind of bucket how it was used, and who came too early', async () => {
    await start()
    for (let index = 0; index < 6; index++) await messages()
    await new Promise((resolve) => setTimeout(resolve, 40))
    simulator.clock.advance(2000)
    await messages()
    const stats = simulator.stats()
    expect(stats.bucketKinds.messages).toEqual({ buckets: 1, accepted: 5, refused: 2, busiest: 1 })
    expect(stats.refusedByBucket).toEqual({ messages: 2 })
    expect(stats.early).toEqual({ all: 1, certain: 1 })
    expect(stats.buckets[`messages:${channels[0]}`]).toMatchObject({
      limit: 5,
      window_ms: 5000,
      accepted: 5,
      refused: 2,
    })
    simulator.clock.advance(3000)
    await messages()
    expect(simulator.stats().early.all).toBe(1)
    expect(simulator.stats().bucketKinds.messages).toMatchObject({ accepted: 6, busiest: 0.6 })
    simulator.resetStats()
    expect(simulator.stats().bucketKinds.messages).toMatchObject({ accepted: 0, refused: 0 })
  })

  it('who waits as long as the body says is not early', async () => {
    await start()
    for (let index = 0; index < 6; index++) await messages()
    simulator.clock.advance(1)
    const { retry_after } = (await messages()).body as { retry_after: number }
    const before = simulator.stats().early.all
    simulator.clock.advance(retry_after * 1000)
    expect((await messages()).status).toBe(200)
    expect(simulator.stats().early.all).toBe(before)
  })
})
