import { describe, expect, it } from 'vitest'
import type { Bucket } from '../../../libs/http/types.ts'
import { SERVERS } from './limit_servers.ts'
import { drive } from './limiter_load.ts'

const servers = Object.entries(SERVERS)
const perSecond = (key: string, limit: number): Bucket => ({ key, limit, windowMs: 1000 })
const TEAM = (key: number): Bucket => ({ key: `team${key}`, limit: 200, strict: 4, windowMs: 1000, rule: 'team' })

describe.each(servers)('one rule, counted as %s', (_, make) => {
  it.each([
    { limit: 4, windowMs: 1000, keys: 1, workers: 8, seconds: 60 },
    { limit: 4, windowMs: 1000, keys: 25, workers: 4, seconds: 40 },
    { limit: 200, windowMs: 1000, keys: 1, workers: 50, seconds: 30 },
    { limit: 1, windowMs: 1000, keys: 500, workers: 2, seconds: 30 },
    { limit: 15, windowMs: 10_000, keys: 3, workers: 5, seconds: 300 },
  ])('uses $limit per $windowMs ms on $keys keys', async ({ limit, windowMs, keys, workers, seconds }) => {
    const counting = Array.from({ length: keys }, () => make(limit, windowMs))
    const result = await drive({
      keys,
      workers,
      seconds,
      maxInFlight: 2000,
      buckets: (key) => [{ key: `k${key}`, limit, windowMs }],
      serve: (key, now) => (counting[key]!.serves(now) ? undefined : { retryAfterMs: 1000, scope: `k${key}` }),
      inScope: (scope, key) => scope === `k${key}`,
    })
    expect((result.perSecond * windowMs) / 1000 / limit / keys).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
    expect(result.early).toBe(0)
  })
})

describe.each(servers)('an app-wide rule and one a team, counted as %s', (_, make) => {
  it.each([
    { keys: 25, workers: 3 },
    { keys: 500, workers: 1 },
  ])('shares 200 per second among $keys teams of 4 per second evenly', async ({ keys, workers }) => {
    const app = make(200, 1000)
    const teams = Array.from({ length: keys }, () => make(4, 1000))
    const result = await drive({
      keys,
      workers,
      seconds: 40,
      buckets: (key) => [TEAM(key), perSecond('app', 200)],
      serve: (key, now) => {
        if (!teams[key]!.serves(now)) return { retryAfterMs: 2000, scope: `team${key}` }
        return app.serves(now) ? undefined : { retryAfterMs: 2000, scope: 'app' }
      },
      inScope: (scope, key) => scope === 'app' || scope === `team${key}`,
    })
    expect(result.perSecond / Math.min(200, 4 * keys)).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
    expect(result.early).toBe(0)
    expect(Math.min(...result.perKey)).toBeGreaterThanOrEqual(Math.max(...result.perKey) * 0.9 - 1)
  })
})

describe('a rule that reads two ways: 4 or 200 per second', () => {
  const app = perSecond('app', 200)

  it.each([
    { latencyMs: 40, keys: 1 },
    { latencyMs: 150, keys: 1 },
    { latencyMs: 40, keys: 10 },
  ])('rises to 200 where the server allows it ($keys keys, $latencyMs ms)', async ({ latencyMs, keys }) => {
    const server = SERVERS.slidingLog(200, 1000)
    const result = await drive({
      keys,
      workers: 60 / keys,
      seconds: 100,
      warmUpSeconds: 75,
      latencyMs,
      buckets: (key) => [TEAM(key), app],
      serve: (_, now) => (server.serves(now) ? undefined : { retryAfterMs: 2000, scope: 'app' }),
      inScope: () => true,
    })
    expect(result.perSecond).toBeGreaterThanOrEqual(190)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
  })

  it.each(servers)('stays at 4 where the server does not, and tries ever more rarely (%s)', async (_, make) => {
    const team = make(4, 1000)
    const result = await drive({
      keys: 1,
      workers: 10,
      seconds: 1800,
      warmUpSeconds: 300,
      buckets: (key) => [TEAM(key), app],
      serve: (_, now) => (team.serves(now) ? undefined : { retryAfterMs: 5000, scope: 'team0' }),
      inScope: () => true,
    })
    expect(result.perSecond / 4).toBeGreaterThanOrEqual(0.95)
    expect(result.refused).toBeLessThanOrEqual(8)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
    expect(result.early).toBe(0)
  })

  it('is tried by one team for all', async () => {
    const teams = Array.from({ length: 25 }, () => SERVERS.slidingLog(4, 1000))
    const result = await drive({
      keys: 25,
      workers: 4,
      seconds: 200,
      buckets: (key) => [TEAM(key), app],
      serve: (key, now) => (teams[key]!.serves(now) ? undefined : { retryAfterMs: 2000, scope: `team${key}` }),
      inScope: (scope, key) => scope === `team${key}`,
    })
    expect(result.refused).toBeLessThanOrEqual(4)
  })
})

describe('a server that allows less than it says', () => {
  it('finds the real limit and keeps most of it, with at most 1 % refused once it has', async () => {
    const server = SERVERS.slidingLog(100, 1000)
    const load = {
      keys: 1,
      workers: 40,
      buckets: () => [perSecond('app', 200)],
      serve: (_: number, now: number) => (server.serves(now) ? undefined : { retryAfterMs: 1000, scope: 'app' }),
      inScope: () => true,
    }
    const result = await drive({ ...load, seconds: 900, warmUpSeconds: 60 })
    expect(result.perSecond / 100).toBeGreaterThanOrEqual(0.8)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
  })

  it('slows down and comes back when refusals give no hint', async () => {
    const server = SERVERS.tokenBucket(100, 1000)
    const result = await drive({
      keys: 1,
      workers: 40,
      seconds: 900,
      warmUpSeconds: 60,
      buckets: () => [perSecond('app', 200)],
      serve: (_, now) => (server.serves(now) ? undefined : { scope: 'app' }),
      inScope: () => true,
    })
    expect(result.perSecond / 100).toBeGreaterThanOrEqual(0.8)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
  })

  it('gets over a storm that refuses everything', async () => {
    let begin = 0
    const server = SERVERS.slidingLog(200, 1000)
    const result = await drive({
      keys: 10,
      workers: 6,
      seconds: 150,
      warmUpSeconds: 90,
      buckets: (key) => [perSecond(`team${key}`, 200), perSecond('app', 200)],
      serve: (_, now) => {
        begin ||= now
        if (now - begin > 20_000 && now - begin < 50_000) return { retryAfterMs: 3000, scope: 'app' }
        return server.serves(now) ? undefined : { retryAfterMs: 1000, scope: 'app' }
      },
      inScope: () => false,
    })
    expect(result.perSecond / 200).toBeGreaterThanOrEqual(0.95)
  })
})

describe('machines and networks that stand still', () => {
  const counted = [['slidingLog'], ['fixedWindow'], ['tokenBucket']] as const

  it.each(counted)('deliver all at once, and nothing is refused (%s)', async (name) => {
    const server = SERVERS[name](200, 1000)
    const result = await drive({
      keys: 1,
      workers: 60,
      seconds: 60,
      buckets: () => [perSecond('app', 200)],
      heldUntil: (at) => Math.max(at, at - (at % 3700) + 150),
      serve: (_, now) => (server.serves(now) ? undefined : { retryAfterMs: 1000, scope: 'app' }),
      inScope: () => true,
    })
    // Standing still takes 4 % of the time.
    expect(result.perSecond / 200).toBeGreaterThanOrEqual(0.94)
    expect(result.refused).toBe(0)
  })

  it.each(counted)('with an unsteady latency are not refused either (%s)', async (name) => {
    const servers = Array.from({ length: 10 }, () => SERVERS[name](4, 1000))
    const result = await drive({
      keys: 10,
      workers: 6,
      seconds: 60,
      latencyMs: 60,
      jitterMs: 60,
      buckets: (key) => [perSecond(`team${key}`, 4), perSecond('app', 200)],
      serve: (key, now) => (servers[key]!.serves(now) ? undefined : { retryAfterMs: 1000, scope: `team${key}` }),
      inScope: (scope, key) => scope === `team${key}`,
    })
    expect(result.perSecond / 40).toBeGreaterThanOrEqual(0.93)
    expect(result.refusedShare).toBeLessThanOrEqual(0.01)
  })
})

describe('a share of the limit', () => {
  it.each([
    { limit: 200, share: 0.125, expected: 25 },
    { limit: 4, share: 0.125, expected: 0.5 },
    { limit: 1, share: 0.3, expected: 0.3 },
  ])('$share of $limit per second is $expected', async ({ limit, share, expected }) => {
    const result = await drive({
      keys: 1,
      workers: 10,
      seconds: 400,
      rateShare: share,
      buckets: () => [perSecond('app', limit)],
      serve: () => undefined,
      inScope: () => false,
    })
    expect(result.perSecond / expected).toBeGreaterThanOrEqual(0.95)
    expect(result.perSecond / expected).toBeLessThanOrEqual(1.01)
  })
})
