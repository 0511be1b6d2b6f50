import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Latency } from '../../../libs/http/limiter_latency.ts'
import { RequestLog } from '../../../libs/http/limiter_log.ts'

describe('RequestLog', () => {
  it('behaves like a sorted list of the latest times', () => {
    const step = fc.record({ gap: fc.nat(50), delay: fc.option(fc.nat(500)) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 60 }), (capacity, steps) => {
        const log = new RequestLog(capacity)
        let model: number[] = []
        let now = 0
        const insert = (time: number) => {
          model = [...model, time].sort((a, b) => a - b).slice(-capacity)
        }
        for (const { gap, delay } of steps) {
          now += gap + 1
          log.add(now)
          insert(now)
          if (delay !== null && model.includes(now)) {
            log.move(now, now + delay)
            model.splice(model.indexOf(now), 1)
            insert(now + delay)
          }
        }
        for (let n = 1; n <= capacity + 1; n++) {
          expect(log.nth(n)).toBe(model[model.length - n] ?? Number.NEGATIVE_INFINITY)
        }
        expect(log.countSince(now / 2)).toBe(model.filter((time) => time > now / 2).length)
      }),
    )
  })

  it('leaves a request alone that it no longer remembers', () => {
    const log = new RequestLog(2)
    for (const time of [1, 2, 3]) log.add(time)
    log.move(1, 100)
    expect([log.nth(1), log.nth(2), log.nth(3)]).toEqual([3, 2, Number.NEGATIVE_INFINITY])
  })
})

describe('Latency', () => {
  it('is careful while cold, then measures against the quickest answer', () => {
    const latency = new Latency(0)
    expect(latency.delayOf(120, 100)).toBe(120)
    expect(latency.delayOf(40, 1000)).toBe(40)
    expect(latency.delayOf(40, 2500)).toBe(0)
    expect(latency.delayOf(190, 3000)).toBe(150)
  })

  it('gets used to a longer way within two epochs', () => {
    const latency = new Latency(0)
    latency.delayOf(40, 2500)
    for (let now = 3000; now < 40_000; now += 500) latency.delayOf(140, now)
    expect(latency.delayOf(140, 40_000)).toBe(0)
  })
})
