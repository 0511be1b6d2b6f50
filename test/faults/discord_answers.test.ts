import { afterEach, describe, expect, it } from 'vitest'
import type { Event } from '../../libs/observe/events.ts'
import type { RequestLogEntry } from '../../libs/simulator/request_log.ts'
import { type DiscordSimulatorOptions, type FaultPlan, virtualClock } from '../../sources/discord/simulator/index.ts'
import { discordDifferences } from '../support/discord_truth.ts'
import { changedRows, DiscordWorld } from '../support/discord_world.ts'
import { why } from '../support/outcome.ts'
import { query } from '../support/query.ts'
import { serve } from '../unit/http/local_server.ts'

const generated = {
  guilds: 2,
  channelsPerGuild: 2,
  messagesPerChannel: 90,
  threadsPerChannel: 1,
  forums: 1,
  members: 10,
  days: 5,
} as const
const PAGES_OF_20 = { page_size: '20' }

let world: DiscordWorld
afterEach(() => world.close())

async function start(options: DiscordSimulatorOptions = {}): Promise<DiscordWorld> {
  world = await DiscordWorld.start({ dataset: { generated }, clock: virtualClock({ auto: true }), ...options })
  return world
}

async function syncWell(): Promise<void> {
  const run = await world.outcome({ options: PAGES_OF_20 })
  expect(run.code, why(run)).toBe(0)
}

async function expectTruth(): Promise<void> {
  await syncWell()
  expect(await discordDifferences(world.database, world.simulator)).toEqual({})
}

/** A channel with several pages, and what asks for its messages. */
function aChannel(): { channel_id: string; path: string } {
  const { channel_id } = [...world.simulator.truth.messages()][0]!
  return { channel_id, path: `/api/v10/channels/${channel_id}/messages` }
}

const ofPath = (path: string): RequestLogEntry[] => world.simulator.log.filter((entry) => entry.path === path)

async function coverageOf(partition: string) {
  return query(
    world.database,
    `SELECT DISTINCT state, code FROM parley.coverage WHERE "partition" = '${partition}' AND job = 'discord.messages'`,
  )
}

describe('a sync whose answers', () => {
  const every = (times: number, fault: FaultPlan['rules'][number]['fault']): FaultPlan['rules'][number] => ({
    every: times,
    fault,
  })
  const worlds: [string, FaultPlan['rules']][] = [
    [
      'are 500, 502, 503, 504 and 520',
      [500, 502, 503, 504, 520].map((status, n) => ({
        nth: [5 + 6 * n, 38 + 6 * n],
        fault: { kind: 'status', status },
      })),
    ],
    // Four times the same request, the fifth try is good.
    ['come in bursts of server errors', [{ route: 'messages', count: 4, fault: { kind: 'status', status: 500 } }]],
    ['say that Discord is overloaded', [every(5, { kind: 'status', status: 503, code: '130000' })]],
    ['are cut, with the length of the whole', [every(6, { kind: 'truncate', declared: 'full' })]],
    [
      'are cut, with the length of what is there, or no JSON',
      [every(6, { kind: 'truncate', declared: 'cut' }), every(7, { kind: 'malformed' })],
    ],
    ['are an object in place of a list', [{ route: 'messages', every: 6, fault: { kind: 'malformed', body: '{}' } }]],
    [
      'are reset before they come, and in their middle',
      [every(6, { kind: 'reset', when: 'before_headers' }), every(7, { kind: 'reset', when: 'mid_body' })],
    ],
    [
      'drip, and stand still for a while',
      [
        every(6, { kind: 'drip', chunk_bytes: 900, every_ms: 40 }),
        every(7, { kind: 'stall', when: 'mid_body', ms: 20_000 }),
      ],
    ],
    [
      'do all of that',
      [
        every(7, { kind: 'reset', when: 'mid_body' }),
        every(9, { kind: 'truncate', declared: 'cut' }),
        every(11, { kind: 'status', status: 503 }),
        every(13, { kind: 'throttle', retry_after: 2.5, scope: 'user' }),
        every(17, { kind: 'throttle', retry_after: 1, scope: 'global' }),
      ],
    ],
  ]
  it.each(worlds)('%s: equal to the truth', async (_, rules) => {
    const { simulator, database } = await start({ faults: { rules } })
    await syncWell()
    const hit = Object.values(simulator.stats().faults).reduce((sum, times) => sum + times, 0)
    expect(hit).toBeGreaterThan(3)
    expect(await discordDifferences(database, simulator)).toEqual({})
    expect(changedRows((await world.outcome({ options: PAGES_OF_20 })).result!)).toBe(0)
  })

  it('never come: each is asked for again after its time-out', async () => {
    const { simulator } = await start({
      faults: {
        rules: [
          { route: 'messages', nth: [3, 9], fault: { kind: 'stall', when: 'before_headers' } },
          { route: 'messages', nth: 6, fault: { kind: 'stall', when: 'mid_body' } },
        ],
      },
    })
    const connection = { headers_timeout_seconds: 1, body_timeout_seconds: 1 }
    const run = await world.outcome({ options: PAGES_OF_20, connection })
    expect(run.code, why(run)).toBe(0)
    expect(run.result!.retried).toBe(3)
    simulator.setFaults(null)
    await expectTruth()
  })
})

describe('a channel that fails from its third page on', () => {
  it('is behind after five tries, twice; the others are done, and the next run goes on at its cursor', async () => {
    const { simulator, database } = await start()
    const { channel_id, path } = aChannel()
    simulator.setFaults({
      rules: [{ path, nth: Array.from({ length: 100 }, (_, n) => n + 3), fault: { kind: 'status', status: 500 } }],
    })
    const run = await world.outcome({ options: PAGES_OF_20 })
    expect(run.code, why(run)).toBe(4)
    expect(run.result!.errors).toMatchObject([{ partition: channel_id, code: 'PARLEY_SOURCE_UNAVAILABLE' }])
    expect(await coverageOf(channel_id)).toEqual([{ state: 'behind', code: 'PARLEY_SOURCE_UNAVAILABLE' }])
    const asked = ofPath(path)
    expect(asked.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(asked.filter(({ status }) => status === 500)).toHaveLength(2 * 5)
    const held = await query<{ id: string }>(
      database,
      `SELECT id FROM discord.messages WHERE channel_id = '${channel_id}' ORDER BY id::UBIGINT`,
    )
    expect(held).toHaveLength(40)
    const missing = await discordDifferences(database, simulator, ['messages'])
    expect(missing.messages!.missing.every((line) => line.includes(`"${channel_id}"`))).toBe(true)
    simulator.setFaults(null)
    simulator.resetStats()
    simulator.log.clear()
    await syncWell()
    expect(ofPath(path)[0]!.query).toContain(`after=${held.at(-1)!.id}`)
    expect(await coverageOf(channel_id)).toEqual([{ state: 'ok', code: null }])
    await expectTruth()
  })
})

describe('a token that is refused in the middle of a run', () => {
  it('ends it with 3 and few further requests; what was read stays, and the next run goes on from there', async () => {
    const { simulator, database } = await start()
    simulator.setFaults({ rules: [{ route: 'messages', nth: 12, fault: { kind: 'status', status: 401 } }] })
    const run = await world.outcome({ options: PAGES_OF_20, workers: 2 })
    expect(run.code, why(run)).toBe(3)
    expect(run.error).toMatchObject({ code: 'PARLEY_DISCORD_TOKEN_INVALID' })
    const all = [...simulator.log]
    const refused = all.findIndex(({ status }) => status === 401)
    // Those that were on their way.
    expect(all.length - refused - 1).toBeLessThanOrEqual(4)
    const [kept] = await query<{ n: string }>(database, 'SELECT count(*) AS n FROM discord.messages')
    expect(Number(kept!.n)).toBeGreaterThanOrEqual(100)
    const [last] = await query(database, `SELECT status FROM parley.runs ORDER BY started_at DESC LIMIT 1`)
    expect(last).toEqual({ status: 'failed' })
    const cursors = await query<{ partition: string; cursor: string }>(
      database,
      `SELECT "partition", cursor FROM parley.cursors WHERE job = 'discord.messages' AND cursor LIKE '%"at"%'`,
    )
    expect(cursors.length).toBeGreaterThan(0)
    simulator.log.clear()
    await syncWell()
    for (const { partition, cursor } of cursors)
      expect(ofPath(`/api/v10/channels/${partition}/messages`)[0]!.query).toContain(`after=${JSON.parse(cursor).at}`)
    await expectTruth()
  })
})

describe('a ban by Cloudflare in the middle of a run', () => {
  it('ends it with 5 at once, and the run after it goes on', async () => {
    const { simulator } = await start({ limits: { cloudflareAfter: 45 } })
    const run = await world.outcome({ options: PAGES_OF_20 })
    expect(run.code, why(run)).toBe(5)
    expect(run.error).toMatchObject({ code: 'PARLEY_DISCORD_BANNED' })
    const banned = simulator.log.filter(({ refused_by }) => refused_by === 'cloudflare')
    expect(banned.length).toBeGreaterThan(0)
    // Those that were on their way; nobody asks again.
    expect(banned.length).toBeLessThanOrEqual(16)
    expect(run.events.filter(({ type }: Event) => type === 'throttled')).toEqual([])
    expect((await discordDifferences(world.database, simulator, ['messages'])).messages).toMatchObject({
      extra: [],
      doubled: 0,
    })
    const again = await world.outcome({ options: PAGES_OF_20 })
    expect(again.code).toBe(5)
    world.pass(66_271_000)
    await expectTruth()
  })
})

describe('a redirect', () => {
  it('to another host is not followed: no request, and no token, goes there', async () => {
    const { simulator } = await start()
    const { channel_id, path } = aChannel()
    const elsewhere = await serve((_, response) => void response.end('[]'))
    simulator.setFaults({
      rules: [{ path, fault: { kind: 'redirect', location: `${elsewhere.origin}${path}?after=0&limit=20` } }],
    })
    const run = await world.outcome({ options: PAGES_OF_20 })
    expect(run.code, why(run)).toBe(4)
    expect(run.result!.errors).toMatchObject([{ partition: channel_id, code: 'PARLEY_FOREIGN_REDIRECT' }])
    expect(elsewhere.seen).toEqual([])
    await elsewhere.close()
    simulator.setFaults(null)
    await expectTruth()
  })

  it('on the same host is followed', async () => {
    const { simulator } = await start()
    const { path } = aChannel()
    simulator.setFaults({
      rules: [{ path, nth: 1, fault: { kind: 'redirect', status: 307, location: `${path}?limit=20&after=0` } }],
    })
    await syncWell()
    expect(ofPath(path)[0]!.status).toBe(307)
    await expectTruth()
  })
})
