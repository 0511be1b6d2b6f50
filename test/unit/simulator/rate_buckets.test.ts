import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Limit, RateBuckets } from '../../../libs/simulator/rate_buckets.ts'

const four: Limit = { scope: 'team', key: 'team:a', limit: 4 }

describe('rate buckets', () => {
  it('refuses the fifth request of a second and says how long to wait', () => {
    const buckets = new RateBuckets()
    for (const at of [0, 100, 200, 300]) expect(buckets.take([four], at)).toBeUndefined()
    // The refused request is in the log itself: from now on the one of 100 must leave the window.
    expect(buckets.take([four], 400)).toEqual({ limit: four, wait_ms: 700 })
  })

  it('takes the fifth request exactly one window after the first', () => {
    const buckets = new RateBuckets()
    for (const at of [0, 250, 500, 750]) buckets.take([four], at)
    expect(buckets.take([four], 1000)).toBeUndefined()
  })

  it('keeps a client outside that knocks without waiting', () => {
    const buckets = new RateBuckets()
    for (const at of [0, 1, 2, 3]) buckets.take([four], at)
    for (let at = 100; at <= 5000; at += 100) expect(buckets.take([four], at), `at ${at}`).toBeDefined()
  })

  it('counts a request in all buckets and names the one with the longest wait', () => {
    const channel: Limit = { scope: 'channel', key: 'channel:x', limit: 1 }
    const buckets = new RateBuckets()
    expect(buckets.take([four, channel], 0)).toBeUndefined()
    expect(buckets.take([four, channel], 10)?.limit).toBe(channel)
    buckets.take([four], 20)
    buckets.take([four], 30)
    expect(buckets.take([four], 40)?.limit).toBe(four)
    expect(buckets.uses()['channel:x']).toMatchObject({ accepted: 1, refused: 1 })
  })

  it('charges costs', () => {
    const units = { scope: 'directory', key: 'd', limit: 5, window_ms: 10_000, cost: 3 }
    const buckets = new RateBuckets()
    expect(buckets.take([units], 0)).toBeUndefined()
    expect(buckets.take([units], 5000)).toBeDefined()
    expect(buckets.take([units], 15_000)).toBeUndefined()
  })

  it('never lets more than the limit through in any window', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 80 })
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 6 }), (steps, limit) => {
        const buckets = new RateBuckets()
        const accepted: number[] = []
        let now = 0
        for (const step of steps) {
          now += step
          if (!buckets.take([{ scope: 's', key: 'k', limit }], now)) accepted.push(now)
        }
        for (const start of accepted) {
          expect(accepted.filter((at) => at >= start && at < start + 1000).length).toBeLessThanOrEqual(limit)
        }
      }),
    )
  })
})
