import { describe, expect, it } from 'vitest'
import type { Bucket } from '../../../libs/http/types.ts'
import { driveTelling, type TellingLoad } from './telling_load.ts'
import { absurd, boastful, honest, silent, type TellingServer, Window } from './telling_servers.ts'

const channel = (n: number): Bucket => ({ key: `channel${n}`, limit: 250, strict: 5, windowMs: 5000, rule: 'messages' })
const channels = (count: number, make: () => TellingServer) => Array.from({ length: count }, make)
const drive = (load: Omit<TellingLoad, 'bucket' | 'seconds' | 'warmUpSeconds'> & Partial<TellingLoad>) =>
  driveTelling({ bucket: channel, seconds: 2400, warmUpSeconds: 600, ...load })
/** Moments at random, so many a second on average. */
const random = (perSecond: number) => (chance: () => number) => (-Math.log(1 - chance()) * 1000) / perSecond

describe('a limit that the server tells truly', () => {
  it.each([
    { limit: 5, windowMs: 5000, count: 1 },
    { limit: 5, windowMs: 5000, count: 20 },
    { limit: 1, windowMs: 2000, count: 5 },
    { limit: 3, windowMs: 20_000, count: 5 },
    { limit: 10, windowMs: 60_000, count: 5 },
    { limit: 10, windowMs: 1000, count: 3 },
    { limit: 30, windowMs: 10_000, count: 3 },
  ])('is used: $limit in $windowMs ms on $count channels', async ({ limit, windowMs, count }) => {
    const servers = channels(count, () => honest(limit, windowMs))
    const result = await drive({ servers, binding: (count * limit * 1000) / windowMs })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.share).toBeLessThanOrEqual(1.001)
    expect(result.refusedShare).toBeLessThan(0.01)
    expect(result.early).toBe(0)
  })

  it('is gone down to with the first answer', async () => {
    const servers = channels(1, () => honest(1, 10_000))
    const result = await drive({ servers, binding: 0.1, seconds: 600, warmUpSeconds: 0 })
    expect(result.refused).toBe(0)
  })

  it('is shared evenly by 80 channels where the bot as a whole may do less', async () => {
    const servers = channels(80, () => honest(5, 5000))
    const result = await drive({ servers, binding: 50, workers: 1, seconds: 300, warmUpSeconds: 60 })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.refused).toBe(0)
  })

  it.each([10, 300])('is used with %i ms on the way', async (latencyMs) => {
    const servers = channels(3, () => honest(5, 5000))
    const result = await drive({ servers, binding: 3, latencyMs, jitterMs: latencyMs / 2 })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThan(0.01)
  })
})

describe('a limit that the server does not tell truly', () => {
  it.each<[string, () => TellingServer]>([
    ['not at all', () => silent(5, 5000)],
    ['not any more', () => silent(5, 5000, 1_800_000_100_000)],
    ['as 1000 a second, until it refuses', () => boastful(5, 5000)],
    ['as 1000 in five seconds, until it refuses', () => boastful(5, 5000, 1000, 5000)],
    ['as 1000 in a minute, until it refuses', () => boastful(5, 5000, 1000, 60_000)],
    ['with a window of hours', () => absurd(5, 5000, 72_000_000)],
    ['with a window of half a minute', () => absurd(5, 5000, 30_000)],
    ['as used up for hours', () => absurd(5, 5000, 72_000_000, true)],
  ])('is used all the same: %s', async (_, make) => {
    const result = await drive({ servers: channels(4, make), binding: 4 })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThan(0.01)
    expect(result.early).toBe(0)
  })

  it('is believed again when it is true again', async () => {
    const wrong = absurd(5, 5000, 72_000_000)
    const right = honest(1, 5000)
    const servers = [{ answer: (now: number) => (now < 1_800_000_600_000 ? wrong : right).answer(now) }]
    const result = await drive({ servers, binding: 0.2, warmUpSeconds: 1200 })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThan(0.01)
  })

  it('and is of minutes, and meant, costs a refusal and not one a window', async () => {
    const servers = channels(5, () => honest(10, 300_000))
    const result = await drive({ servers, binding: 1 / 6, seconds: 20_000, warmUpSeconds: 1000 })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThan(0.01)
  })
})

describe('a limit that another process uses as well', () => {
  it.each([
    ['every 2.5 s', () => 2500, 5, 5000],
    ['at random, 0.4 a second', random(0.4), 5, 5000],
    ['at random, 0.8 a second', random(0.8), 5, 5000],
  ])('is used up together, and ours are hardly refused: %s', async (_, other, limit, windowMs) => {
    const servers = channels(5, () => honest(limit, windowMs))
    const result = await drive({ servers, binding: (5 * limit * 1000) / windowMs, other })
    expect(result.share).toBeGreaterThanOrEqual(0.95)
    expect(result.refusedShare).toBeLessThan(0.01)
    expect(result.early).toBe(0)
    expect(result.others).toBeGreaterThan(0)
  })

  it.each([
    ['5 in 5 s', 5, 5000, 0.9],
    ['10 in 1 s', 10, 1000, 0.93],
  ])('that is one like us, and waits for the same moments, is not met: %s', async (_, limit, windowMs, least) => {
    const servers = channels(5, () => honest(limit, windowMs))
    const result = await drive({ servers, binding: (5 * limit * 1000) / windowMs, processes: 2, seconds: 3600 })
    expect(result.share).toBeGreaterThanOrEqual(least)
    expect(result.refusedShare).toBeLessThan(0.01)
    expect(result.early).toBe(0)
  })

  it('that comes with each of ours is reckoned with', async () => {
    const servers = channels(5, () => {
      const window = new Window(5, 5000)
      return {
        answer(now) {
          const answer = window.answer(now)
          if (answer.served) window.answer(now)
          return answer
        },
      }
    })
    const result = await drive({ servers, binding: 5 })
    // Three of ours and two of theirs.
    expect(result.share).toBeGreaterThanOrEqual(0.57)
    expect(result.refusedShare).toBeLessThan(0.01)
  })

  it('is all ours again when it has ended', async () => {
    let asked = 0
    const other = () => (++asked < 60 ? 2500 : 1e9)
    const result = await drive({ servers: channels(1, () => honest(5, 5000)), binding: 1, warmUpSeconds: 1200, other })
    expect(result.ours / 1200).toBeGreaterThanOrEqual(0.95)
    expect(result.refused).toBe(0)
  })
})
