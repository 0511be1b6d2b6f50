import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketKinds } from '../../../libs/simulator/bucket_kinds.ts'
import { FixedWindows } from '../../../libs/simulator/fixed_windows.ts'
import type { Limit } from '../../../libs/simulator/rate_buckets.ts'

const two: Limit = { scope: 'list', key: 'list:a', limit: 2, window_ms: 1000 }

describe('fixed windows', () => {
  it('open with the first request and end a window later, whatever comes in between', () => {
    const windows = new FixedWindows()
    expect(windows.take(two, 100)).toEqual({ accepted: true, limit: 2, remaining: 1, resets_at: 1100 })
    expect(windows.take(two, 900)).toEqual({ accepted: true, limit: 2, remaining: 0, resets_at: 1100 })
    for (const at of [901, 1000, 1099])
      expect(windows.take(two, at)).toMatchObject({ accepted: false, resets_at: 1100 })
    expect(windows.take(two, 1100)).toEqual({ accepted: true, limit: 2, remaining: 1, resets_at: 2100 })
  })

  it('are one for each key', () => {
    const windows = new FixedWindows()
    windows.take(two, 0)
    expect(windows.take({ ...two, key: 'list:b' }, 0).remaining).toBe(1)
  })

  it('accept as many as fit between two resets and no more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 80 }),
        fc.integer({ min: 1, max: 6 }),
        (steps, limit) => {
          const windows = new FixedWindows()
          const accepted = new Map<number, number>()
          let now = 0
          for (const step of steps) {
            now += step
            const state = windows.take({ scope: 's', key: 'k', limit }, now)
            if (state.accepted) accepted.set(state.resets_at, (accepted.get(state.resets_at) ?? 0) + 1)
            expect(state.resets_at).toBeGreaterThan(now)
          }
          for (const count of accepted.values()) expect(count).toBeLessThanOrEqual(limit)
        },
      ),
    )
  })

  it('are summed by kind, with the share of the limit that the busiest one reached', () => {
    const windows = new FixedWindows()
    for (const at of [0, 1, 2, 1000, 1001]) windows.take(two, at)
    windows.take({ ...two, key: 'list:b' }, 0)
    expect(bucketKinds(windows.uses())).toEqual({ list: { buckets: 2, accepted: 5, refused: 1, busiest: 1 } })
    windows.resetUses(5000)
    expect(bucketKinds(windows.uses())).toMatchObject({ list: { accepted: 0, refused: 0, busiest: 0 } })
  })
})
