import { expect, it } from 'vitest'
import { Timings } from '../../../pipeline/sync/timings.ts'
import { jobOf, labels, notes } from '../../support/jobs.ts'

it('tells how many partitions were read at the same time, their mean and the slowest, and how long each table took', () => {
  let now = 1_000
  const timings = new Timings(() => now)
  const [noted, labelled] = [jobOf(notes), jobOf(labels)]
  const begin = (id: string, jobs = [noted]) => timings.begin({ partition: { id }, jobs })
  const a = begin('a')
  now = 2_000
  const b = begin('b', [noted, labelled])
  now = 3_000
  a()
  now = 6_000
  b()
  now = 10_000
  begin('c')()
  expect(timings.most).toBe(2)
  expect(timings.average).toBe(2)
  expect(timings.slowest).toEqual([
    { partition: 'b', tables: ['test.notes', 'test.labels'], seconds: 4 },
    { partition: 'a', tables: ['test.notes'], seconds: 2 },
    { partition: 'c', tables: ['test.notes'], seconds: 0 },
  ])
  expect(timings.secondsOf('test.notes')).toBe(9)
  expect(timings.secondsOf('test.labels')).toBe(4)
  expect(timings.secondsOf('test.nothing')).toBe(0)
})

it('keeps the hundred slowest of thousands', () => {
  let now = 0
  const timings = new Timings(() => now)
  for (let index = 0; index < 1_000; index++) {
    const end = timings.begin({ partition: { id: String(index) }, jobs: [] })
    now += (index * 7919) % 1_000
    end()
  }
  const seconds = timings.slowest.map((one) => one.seconds)
  expect(seconds).toHaveLength(100)
  expect(seconds).toEqual(Array.from({ length: 100 }, (_, index) => (999 - index) / 1000))
})
