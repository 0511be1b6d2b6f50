import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { batchSize, type PoolOptions, WorkerPool } from '../../../pipeline/sync/worker_pool.ts'

/** Runs items of some milliseconds each, and tells how many were worked on at the same time. */
async function run(count: number, ms: number, options: Partial<PoolOptions<number>> & { workers: number }) {
  const done: number[] = []
  let working = 0
  let most = 0
  const pool = new WorkerPool<number>({
    most: options.workers,
    batch: 1,
    ...options,
    async work(item) {
      most = Math.max(most, ++working)
      await pause(ms)
      await options.work?.(item)
      working--
      done.push(item)
    },
  })
  pool.add(Array.from({ length: count }, (_, index) => index))
  await pool.run()
  return { done: done.toSorted((a, b) => a - b), most, pool }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('a pool of workers', () => {
  it.each([
    [1, 1],
    [4, 1],
    [4, 5],
    [10, 3],
  ])(
    'of %i with batches of %i works on each item once, and on no more than its size at a time',
    async (workers, batch) => {
      const { done, most } = await run(37, 1, { workers, batch })
      expect(done).toEqual(upTo(37))
      expect(most).toBe(workers)
    },
  )

  it('ends at once without items', async () => {
    expect((await run(0, 1, { workers: 3 })).done).toEqual([])
  })

  it('works on items that another one brings', async () => {
    const brought: number[] = []
    const pool = new WorkerPool<number>({
      workers: 2,
      most: 2,
      batch: 5,
      async work(item) {
        await pause(1)
        brought.push(item)
        if (item < 3) pool.add([item + 10, item + 20])
      },
    })
    pool.add([0, 1, 2])
    await pool.run()
    expect(brought.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22])
  })

  it('lends the places of workers that a limit holds, and no more than it may', async () => {
    const { done, most } = await run(60, 60, { workers: 4, most: 9, held: () => 100 })
    expect(done).toEqual(upTo(60))
    expect(most).toBe(9)
    const bounded = await run(60, 60, { workers: 4, most: 6, held: () => 100 })
    expect(bounded.most).toBe(6)
  })

  it('takes over what others have not begun', async () => {
    const begun: number[] = []
    let working = 0
    let late = 0
    const pool = new WorkerPool<number>({
      workers: 2,
      most: 8,
      batch: 8,
      held: () => 100,
      async work(item) {
        begun.push(item)
        working++
        if (begun.length > 28) late = Math.max(late, working)
        await pause(250)
        working--
      },
    })
    // Two workers take eight each before others come.
    pool.add(upTo(32))
    await pool.run()
    expect(begun.toSorted((a, b) => a - b)).toEqual(upTo(32))
    expect(late).toBeGreaterThan(2)
  })

  it('takes the places back when nobody is held any more, one by one', async () => {
    let held = 4
    let late = 0
    let working = 0
    const pool = new WorkerPool<number>({
      workers: 2,
      most: 6,
      batch: 1,
      held: () => held,
      giveBackMs: 100,
      async work(item) {
        working++
        if (item > 70) late = Math.max(late, working)
        await pause(50)
        if (item === 12) held = 0
        working--
      },
    })
    pool.add(upTo(90))
    await pool.run()
    expect(late).toBe(2)
  })

  it('keeps them for a while: a shared limit that binds now would not bind without them', async () => {
    let looks = 0
    let least = Infinity
    let working = 0
    const pool = new WorkerPool<number>({
      workers: 2,
      most: 6,
      batch: 1,
      // Held at every third look only.
      held: () => (looks++ % 3 === 0 ? 4 : 0),
      async work(item) {
        working++
        if (item > 30 && item < 70) least = Math.min(least, working)
        await pause(50)
        working--
      },
    })
    pool.add(upTo(80))
    await pool.run()
    expect(least).toBeGreaterThanOrEqual(5)
  })
})

describe('a batch', () => {
  it.each([
    // left, workers, batch, taken
    [100, 10, 5, 5],
    [40, 10, 5, 2],
    [20, 10, 5, 1],
    [3, 10, 5, 1],
    [100, 1, 5, 5],
    [1000, 10, 50, 50],
  ])('of %i left, %i workers and at most %i is %i', (left, workers, batch, taken) => {
    expect(batchSize(left, workers, batch)).toBe(taken)
  })
})
