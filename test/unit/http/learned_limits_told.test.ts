import { describe, expect, it } from 'vitest'
import { LimiterBucket } from '../../../libs/http/limiter_bucket.ts'
import { OtherUse } from '../../../libs/http/limiter_others.ts'
import { RuleBook } from '../../../libs/http/limiter_rules.ts'
import { ToldWindow } from '../../../libs/http/limiter_told.ts'
import { Trust } from '../../../libs/http/limiter_trust.ts'

const NOW = 1_800_000_000_000
const KEY = 'channel'

/** A window of a bucket that is ours alone; `ask` sends at `at` ms and hears 40 ms later. */
function window(trust = new Trust()) {
  const told = new ToldWindow(trust, 5000, true)
  const ask = (at: number, limit: number, remaining?: number, resetMs?: number) => {
    told.took(NOW + at)
    const fact = {
      key: KEY,
      limit,
      ...(remaining === undefined ? {} : { remaining }),
      ...(resetMs === undefined ? {} : { resetMs }),
    }
    told.heard(fact, NOW + at, NOW + at + 40)
    told.settled()
  }
  const readyIn = (at: number) => Math.max(0, told.readyAt(NOW + at) - (NOW + at))
  return { told, ask, readyIn, trust }
}

describe('what is told of a window', () => {
  it.each([
    ['first of its window', 5, 4, 5000, { limit: 5, windowMs: 5000 }],
    ['of one request', 1, 0, 2000, { limit: 1, windowMs: 2000 }],
    ['in the middle of one', 5, 2, 3000, undefined],
    ['without what is left', 5, undefined, 3000, undefined],
    ['without its end', 5, 4, undefined, undefined],
    ['of no request', 0, -1, 5000, undefined],
    ['of no length', 5, 4, 0, undefined],
    ['of hours', 5, 4, 7_200_000, undefined],
    ['that is no number', Number.NaN, 4, 5000, undefined],
  ])('%s', (_, limit, remaining, resetMs, expected) => {
    const { told, ask } = window()
    ask(0, limit, remaining, resetMs)
    expect(told.limit).toEqual(expected)
  })

  it('0 left holds until its end, less a part of the way there', () => {
    const { ask, readyIn } = window()
    ask(0, 5, 0, 3000)
    expect(readyIn(40)).toBeGreaterThan(2970)
    expect(readyIn(40)).toBeLessThanOrEqual(3000)
    expect(readyIn(3040)).toBe(0)
  })

  it('of hours holds for the usual one, until a refusal shows that it is meant', () => {
    const { told, ask, readyIn } = window()
    ask(0, 5, 0, 7_200_000)
    expect(readyIn(40)).toBe(5_000)
    told.refused(NOW + 5_040)
    expect(readyIn(5_040)).toBeGreaterThan(7_000_000)
  })

  it('counts what is on its way', () => {
    const { told, ask, readyIn } = window()
    ask(0, 5, 4, 5000)
    for (const at of [100, 101, 102]) told.took(NOW + at)
    expect(readyIn(110)).toBe(0)
    told.took(NOW + 110)
    expect(readyIn(120)).toBeGreaterThan(4000)
  })

  it('is no longer believed when windows begin before they were to end', () => {
    const { told, ask } = window()
    for (const at of [0, 6000, 12_000]) ask(at, 5, 4, 30_000)
    expect(told.limit).toBeUndefined()
  })

  it('is no longer believed when it serves what is used up', () => {
    const { ask, readyIn, trust } = window()
    for (const at of [0, 61_000, 122_000]) ask(at, 5, 0, 7_200_000)
    expect(trust.believed).toBe(false)
    expect(readyIn(122_100)).toBe(0)
  })

  it('is not doubted for answers that overtake each other', () => {
    const { told, trust } = window()
    for (let round = 0; round < 5; round++) {
      const at = NOW + round * 10_000
      told.took(at)
      told.took(at)
      told.heard({ key: KEY, limit: 5, remaining: 3, resetMs: 4900 }, at, at + 50)
      told.heard({ key: KEY, limit: 5, remaining: 4, resetMs: 4950 }, at, at + 60)
      told.settled()
      told.settled()
    }
    expect(trust.believed).toBe(true)
  })

  it('comes back as windows end as told', () => {
    const trust = new Trust()
    for (let n = 0; n < 10; n++) trust.contradict()
    for (let n = 0; n < 6; n++) trust.confirm()
    expect(trust.believed).toBe(false)
    trust.confirm()
    expect(trust.believed).toBe(true)
  })
})

describe('the use of others', () => {
  it('is what was counted and not ours', () => {
    const { told, ask } = window()
    ask(0, 5, 4, 5000)
    ask(1000, 5, 3, 4000)
    expect(told.shared).toBe(false)
    ask(2000, 5, 1, 3000)
    expect(told.shared).toBe(true)
  })

  it('is told by one request of a new window', () => {
    const { told, ask, readyIn } = window()
    ask(0, 5, 2, 5000)
    expect(readyIn(5100)).toBe(0)
    told.took(NOW + 5100)
    expect(readyIn(5110)).toBeGreaterThan(0)
  })

  it.each([
    [5, 0, false],
    [1, 40, false],
    [1, 1000, true],
    [3, 1000, false],
    [3, 4000, true],
    [200, 4000, false],
  ])('with %i left, %i ms ago, may have used it up: %s', (left, ageMs, expected) => {
    const others = new OtherUse(5000)
    others.counted(2, NOW)
    expect(others.mayHaveTaken(left, ageMs)).toBe(expected)
  })

  it('leaves them a part of what they use, less what they have had, and at most half of all', () => {
    const others = new OtherUse(5000)
    const reserves = Array.from({ length: 60 }, (_, n) => {
      others.counted(2, NOW + n * 5000)
      others.close(NOW + n * 5000 + 5000, NOW + n * 5000 + 5000, 5000)
      return others.reserve(5)
    })
    expect(reserves.slice(-20).reduce((sum, one) => sum + one, 0)).toBe(16)
    expect(others.reserve(1)).toBe(0)
    others.counted(2, NOW + 300_000)
    expect(others.reserve(5)).toBe(0)
  })

  it('that waits for the same moments is met by leaving the last ones, and trying now and then', () => {
    const others = new OtherUse(5000)
    expect(others.mayHaveTaken(1, 0)).toBe(false)
    others.ended(1, true)
    others.ended(1, true)
    expect([others.mayHaveTaken(1, 0), others.mayHaveTaken(2, 0)]).toEqual([true, false])
    for (let n = 0; n < 10; n++) others.ended(4, false)
    expect(others.mayHaveTaken(1, 0)).toBe(false)
    others.ended(1, true)
    expect(others.mayHaveTaken(1, 0)).toBe(true)
  })

  it.each([
    [5, 0, false],
    [5, 1, true],
    [6, 1, false],
    [8, 2, true],
  ])('has %i left sent one after the other, %i on their way: %s', (left, ahead, expected) => {
    expect(new OtherUse(5000).mayHaveTaken(left, 0, ahead)).toBe(expected)
  })

  it('is forgotten after twenty windows', () => {
    const others = new OtherUse(5000)
    others.counted(1, NOW)
    expect([others.seen(NOW + 99_000), others.seen(NOW + 101_000)]).toEqual([true, false])
  })
})

describe('the level of a bucket', () => {
  const bucket = () => new LimiterBucket({ key: KEY, limit: 250, strict: 5, windowMs: 5000 }, 1, new RuleBook(), NOW)
  const tell = (one: LimiterBucket, limit: number, resetMs: number) => {
    one.take(NOW)
    one.told({ key: KEY, limit, remaining: limit - 1, resetMs }, NOW, NOW + 40)
    one.settled()
  }

  it.each([
    ['lower', 2, 5000, 2],
    ['the same', 5, 5000, 5],
    ['lower in a longer window', 6, 30_000, 1],
    ['higher, which is only how far to try', 50, 1000, 5],
    ['in hours, which is not believed', 5, 7_200_000, 5],
  ])('goes at once to a rate that is %s', (_, limit, resetMs, expected) => {
    const one = bucket()
    tell(one, limit, resetMs)
    expect(one.level.value).toBe(expected)
  })

  it('comes back when a higher one is told', () => {
    const one = bucket()
    tell(one, 1, 5000)
    one.take(NOW + 6000)
    one.told({ key: KEY, limit: 5, remaining: 4, resetMs: 5000 }, NOW + 6000, NOW + 6040)
    expect(one.level.value).toBe(5)
  })

  it('is left alone by a refusal that is not for its rate', () => {
    const one = bucket()
    one.refused(NOW, NOW, NOW + 1000, true)
    expect([one.level.value, one.pausedUntil]).toEqual([5, NOW + 1000])
    one.refused(NOW + 2000, NOW + 2000, NOW + 3000)
    expect(one.level.value).toBeLessThan(5)
  })
})
