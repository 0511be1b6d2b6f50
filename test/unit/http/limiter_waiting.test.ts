import { describe, expect, it } from 'vitest'
import { type Grant, Limiter } from '../../../libs/http/limiter.ts'
import { MemoryBudget } from '../../../libs/http/memory_budget.ts'
import type { Bucket } from '../../../libs/http/types.ts'
import { VirtualTime } from './virtual_time.ts'

const bucket = (key: string, limit = 1): Bucket => ({ key, limit, windowMs: 1000 })

function limiterOn(time: VirtualTime, options: { maxInFlight?: number; maxThrottleMs?: number; bytes?: number } = {}) {
  const memory = new MemoryBudget(options.bytes ?? 1 << 30)
  const runtime = { now: time.now, sleep: time.sleep, random: () => 0.5, rateShare: 1 }
  const { maxInFlight = 100, maxThrottleMs = 3_600_000 } = options
  return new Limiter({ runtime, maxInFlight, maxThrottleMs, memory })
}

/** Notes when each acquire was granted, relative to the start, and settles it. */
function noting(time: VirtualTime, granted: [string, number][]) {
  const start = time.now()
  return (name: string) => (grant: Grant) => {
    granted.push([name, time.now() - start])
    grant.succeeded()
  }
}

describe('waiting for a turn', () => {
  it('lets other teams pass a team whose bucket is empty', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const granted: [string, number][] = []
    const note = noting(time, granted)
    for (let i = 0; i < 3; i++) limiter.acquire([bucket('a'), bucket('app', 200)]).then(note('a'))
    for (let i = 0; i < 3; i++) limiter.acquire([bucket(`other${i}`), bucket('app', 200)]).then(note('other'))
    await time.advance(900)
    expect(granted.map(([name]) => name)).toEqual(['a', 'other', 'other', 'other'])
    await time.advance(3000)
    expect(granted.filter(([name]) => name === 'a')).toHaveLength(3)
  })

  it('tells how many wait for a limit of their own, not for one that all share', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const own = (key: string): Bucket => ({ ...bucket(key), ofPartition: true })
    const ask = (key: string, shared: number) => void limiter.acquire([own(key), bucket('app', shared)])
    expect(limiter.held).toBe(0)
    for (let i = 0; i < 3; i++) ask('a', 200)
    ask('b', 200)
    await time.advance(500)
    expect(limiter.held).toBe(2)
    const shared = limiterOn(time)
    for (let i = 0; i < 4; i++) void shared.acquire([own(`c${i}`), bucket('app', 1)])
    await time.advance(100)
    expect(shared.held).toBe(0)
  })

  it('serves one line in the order of asking', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const granted: [string, number][] = []
    const note = noting(time, granted)
    for (const name of ['1', '2', '3', '4']) limiter.acquire([bucket('a', 4)]).then(note(name))
    await time.advance(2000)
    expect(granted.map(([name]) => name)).toEqual(['1', '2', '3', '4'])
  })

  it('keeps all workers of a key away until the server allows it, and nobody else', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const granted: [string, number][] = []
    const note = noting(time, granted)
    const first = await limiter.acquire([bucket('a', 100), bucket('app', 200)])
    expect(first.refused(30_000)).toMatchObject({ scope: 'a' })
    for (let i = 0; i < 5; i++) limiter.acquire([bucket('a', 100), bucket('app', 200)]).then(note('a'))
    limiter.acquire([bucket('b', 100), bucket('app', 200)]).then(note('b'))
    await time.advance(29_999)
    expect(granted.map(([name]) => name)).toEqual(['b'])
    await time.advance(2000)
    expect(granted).toHaveLength(6)
    expect(granted[1]![1]).toBeGreaterThan(30_000)
  })

  it('pauses the wider bucket when refusals of several keys follow each other', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const refused = []
    for (const key of ['a', 'b', 'c']) {
      const grant = await limiter.acquire([bucket(key, 100), bucket('app', 200)])
      await time.advance(10)
      refused.push(grant.refused(5000).scope)
    }
    expect(refused).toEqual(['a', 'b', 'app'])
  })

  it('blames the bucket that was full', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const grants: Grant[] = []
    for (let i = 0; i < 20; i++) {
      const waiting = limiter.acquire([bucket(`team${i}`, 4), bucket('app', 20)])
      await time.advance(60)
      grants.push(await waiting)
    }
    expect(grants[19]!.refused(1000).scope).toBe('app')
  })

  it('gives up its place when aborted', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    const controller = new AbortController()
    ;(await limiter.acquire([bucket('a')])).succeeded()
    const waiting = limiter.acquire([bucket('a')], controller.signal)
    const next = limiter.acquire([bucket('a')])
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await time.advance(1100)
    await expect(next).resolves.toBeDefined()
  })

  it('raises for everybody whom the server holds back for too long', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time, { maxThrottleMs: 60_000 })
    const grant = await limiter.acquire([bucket('a')])
    const waiting = limiter.acquire([bucket('a')])
    grant.refused(120_000)
    await expect(waiting).rejects.toMatchObject({ code: 'PARLEY_SOURCE_THROTTLED', kind: 'source' })
    // Who comes later is not held for the rest of it either, until the rest is bearable.
    await expect(limiter.acquire([bucket('a')])).rejects.toMatchObject({ code: 'PARLEY_SOURCE_THROTTLED' })
    await time.advance(70_000)
    const bearable = limiter.acquire([bucket('a')])
    await time.advance(60_000)
    await expect(bearable).resolves.toBeDefined()
  })

  it('adds up pauses without a success in between, for each from when it began to wait', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time, { maxThrottleMs: 60_000 })
    ;(await limiter.acquire([bucket('a')])).refused(25_000)
    const second = limiter.acquire([bucket('a')])
    const waiting = limiter.acquire([bucket('a')])
    const codes: string[] = []
    waiting.catch((error) => codes.push(error.code))
    await time.advance(20_000)
    const late = limiter.acquire([bucket('a')])
    await time.advance(6000)
    ;(await second).refused(40_000)
    await time.advance(1000)
    expect(codes).toEqual(['PARLEY_SOURCE_THROTTLED'])
    await time.advance(40_000)
    await expect(late).resolves.toBeDefined()
  })

  it('ends everybody who waits when it is closed', async () => {
    const limiter = limiterOn(new VirtualTime())
    ;(await limiter.acquire([bucket('a')])).succeeded()
    const waiting = limiter.acquire([bucket('a')])
    limiter.close()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
    await expect(limiter.acquire([])).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('what it holds', () => {
  it('never has more in flight than there are slots', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time, { maxInFlight: 2 })
    const [first, second] = [await limiter.acquire([]), await limiter.acquire([])]
    let third: Grant | undefined
    limiter.acquire([]).then((grant) => {
      third = grant
    })
    await time.advance(10)
    expect(third).toBeUndefined()
    first.abandon()
    first.succeeded()
    await time.advance(0)
    expect(third).toBeDefined()
    second.succeeded()
  })

  it('gives a slot on although its request has let go of its memory before: one that was broken off', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time, { maxInFlight: 1 })
    const granted: [string, number][] = []
    const first = await limiter.acquire([bucket('a', 100)])
    limiter.acquire([bucket('b', 100)]).then(noting(time, granted)('b'))
    first.memory.close()
    first.abandon()
    await time.advance(1)
    expect(granted).toEqual([['b', 0]])
  })

  it('starts nothing new while memory is used up, and one request runs alone', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time, { bytes: 1_000_000 })
    const large = await limiter.acquire([])
    expect(large.memory.take(3_000_000)).toBeUndefined()
    let second: Grant | undefined
    limiter.acquire([]).then((grant) => {
      second = grant
    })
    await time.advance(10)
    expect(second).toBeUndefined()
    large.succeeded()
    await time.advance(0)
    expect(second).toBeDefined()
  })

  it('forgets idle keys: 50,000 channels do not stay', async () => {
    const time = new VirtualTime()
    const limiter = limiterOn(time)
    for (let channel = 0; channel < 50_000; channel++) {
      ;(await limiter.acquire([bucket(`channel${channel}`)])).succeeded()
      if (channel % 1000 === 0) await time.advance(500)
    }
    expect(limiter.size).toBeLessThan(10_000)
  })
})
