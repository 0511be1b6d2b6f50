import { describe, expect, it } from 'vitest'
import type { RetryAfter } from '../../../libs/simulator/fault_plan.ts'
import { RetryPromises } from '../../../libs/simulator/promises.ts'
import { formatRetryAfter, retryAllowedAt } from '../../../libs/simulator/retry_after.ts'

const NOW = Date.UTC(2026, 0, 1)

describe('Retry-After', () => {
  it.each<[RetryAfter | undefined, string | undefined, number | undefined]>([
    [10, '10', NOW + 10_000],
    [2.128, '2.128', NOW + 2128],
    [0, '0', undefined],
    [3600, '3600', NOW + 3_600_000],
    [{ http_date_in: 30 }, 'Thu, 01 Jan 2026 00:00:30 GMT', NOW + 30_000],
    ['soon', 'soon', undefined],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
  ])('%j', (value, header, allowed) => {
    expect(formatRetryAfter(value, NOW)).toBe(header)
    expect(retryAllowedAt(header, NOW)).toBe(allowed)
  })
})

describe('promises of Retry-After', () => {
  it('see who comes early, until the time is over', () => {
    const promises = new RetryPromises(0)
    promises.give('team:a', 1000)
    expect(promises.arrive(['team:b'], 500)).toBeUndefined()
    expect(promises.arrive(['team:b', 'team:a'], 500)).toEqual({ key: 'team:a', missing_ms: 500, certain: true })
    expect(promises.arrive(['team:a'], 1000)).toBeUndefined()
  })

  it('do not blame a request that may have crossed the answer', () => {
    const promises = new RetryPromises(60_000)
    promises.give('team:a', 1000)
    expect(promises.arrive(['team:a'], 500)).toMatchObject({ certain: false })
  })
})
