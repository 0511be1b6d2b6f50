import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../../libs/simulator/virtual_clock.ts'

describe('virtual clock', () => {
  it('wakes sleepers in the order of their times, each at its own time', async () => {
    const clock = virtualClock({ start: 0 })
    const woken: [string, number][] = []
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms)
      woken.push([name, ms])
    }
    const all = [sleep('late', 300), sleep('early', 100), sleep('also early', 100)]
    clock.advance(1000)
    await Promise.all(all)
    expect(woken.map(([name]) => name)).toEqual(['early', 'also early', 'late'])
    expect(clock.now()).toBe(1000)
  })

  it('jumps by itself over a night of waiting', async () => {
    const clock = virtualClock({ start: 0, auto: true })
    for (let hour = 0; hour < 8; hour++) await clock.sleep(3_600_000)
    expect(clock.now()).toBe(8 * 3_600_000)
    clock.close()
  })

  it('does not jump while work goes on', async () => {
    const clock = virtualClock({ start: 0, auto: true })
    const done = clock.busy()
    let woken = false
    const sleeping = clock.sleep(1000).then(() => {
      woken = true
    })
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    expect(woken).toBe(false)
    done()
    await sleeping
    expect(clock.now()).toBe(1000)
    clock.close()
  })

  it('rejects an aborted sleep with the reason', async () => {
    const clock = virtualClock()
    const abort = new AbortController()
    const sleeping = clock.sleep(1000, abort.signal)
    abort.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
  })
})
