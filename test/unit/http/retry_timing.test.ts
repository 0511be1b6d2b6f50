import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  failureBackoffMs,
  isRetriedStatus,
  nextTryMs,
  parseHttpDate,
  parseRetryAfter,
  refusalPauseMs,
} from '../../../libs/http/retry_timing.ts'

const DATE = Date.UTC(2026, 10, 22, 10, 0, 0)
const FAR_AHEAD = DATE + 3_600_000

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['10', 10_000],
    [' 7 ', 7000],
    ['2.128', 2128],
    ['0.0001', 1],
    ['86400', 86_400_000],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sunday, 22-Nov-26 10:00:30 GMT', 30_000],
    ['Sun Nov 22 10:00:30 2026', 30_000],
    ['Sun, 22 Nov 2026 09:59:00 GMT', 0],
    ['', undefined],
    [undefined, undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['2026-11-22T10:00:30Z', undefined],
  ])('%j is %j ms', (value, expected) => {
    // The local clock is an hour ahead: it must not matter where the server says its own time.
    expect(parseRetryAfter(value, DATE, FAR_AHEAD)).toBe(expected)
  })

  it('measures a date by the local clock where the answer has no Date', () => {
    expect(parseRetryAfter('Sun, 22 Nov 2026 10:00:30 GMT', undefined, DATE + 10_000)).toBe(20_000)
  })
})

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 22 Nov 2026 10:00:00 GMT', DATE],
    ['nonsense', undefined],
    [undefined, undefined],
  ])('%j is %j', (value, expected) => {
    expect(parseHttpDate(value)).toBe(expected)
  })
})

describe('isRetriedStatus', () => {
  it.each([408, 500, 502, 503, 504, 509])('%i is asked again', (status) => expect(isRetriedStatus(status)).toBe(true))
  it.each([200, 400, 401, 403, 404, 410, 412, 429, 501])('%i is not', (status) =>
    expect(isRetriedStatus(status)).toBe(false),
  )
})

describe('failureBackoffMs', () => {
  it.each([
    [1, 1, 500],
    [2, 1, 1000],
    [5, 1, 8000],
    [20, 1, 30_000],
    [3, 0, 0],
    [3, 0.5, 1000],
  ])('after %i failures with chance %d: %d ms', (failures, random, expected) => {
    expect(failureBackoffMs(failures, random)).toBe(expected)
  })
})

describe('refusalPauseMs', () => {
  it.each([
    [5000, 1, 0, 5020],
    [5000, 9, 1, 5100],
    [undefined, 1, 0, 500],
    [undefined, 1, 1, 1000],
    [0, 3, 0, 2000],
    [0, 3, 1, 4000],
    [undefined, 50, 1, 60_000],
  ])('asked for %j ms, refusal %i, chance %d: %d ms', (retryAfter, refusals, random, expected) => {
    expect(refusalPauseMs(retryAfter, refusals, random)).toBe(expected)
  })

  it('never returns before the server allowed it, and never hammers', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 0, max: 1e7 })),
        fc.integer({ min: 1, max: 100 }),
        chance,
        (asked, n, r) => {
          const pause = refusalPauseMs(asked ?? undefined, n, r)
          return asked ? pause > asked : pause >= 500
        },
      ),
    )
  })
})

describe('nextTryMs', () => {
  const budget = { maxAttempts: 3, maxRetryMs: 10_000 }
  it.each([
    ['a first failure waits', 1, 0, 0.5, undefined, 250],
    ['the last allowed failure ends it', 3, 0, 0.5, undefined, null],
    ['time that is used up ends it', 1, 9_900, 1, undefined, null],
    ['what the server asks for is kept', 1, 0, 0, 4000, 4000],
    ['more than the time left ends it at once', 1, 0, 0, 10_001, null],
  ])('%s', (_, failures, elapsed, random, retryAfter, expected) => {
    expect(nextTryMs(failures, elapsed, random, budget, retryAfter)).toBe(expected)
  })

  it('begins at the delay of the source', () => {
    expect(
      [1, 2, 3, 9].map((failures) => nextTryMs(failures, 0, 1, { maxAttempts: 10, maxRetryMs: 1e6, delayMs: 1000 })),
    ).toEqual([1000, 2000, 4000, 30_000])
  })
})
