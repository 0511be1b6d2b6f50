import { expect, it } from 'vitest'
import { coveredUntil } from '../../../pipeline/sync/coverage.ts'
import { GrowingUnit } from '../../../pipeline/sync/growing_unit.ts'

const line = (partition: string, until: number) =>
  coveredUntil({ job: 'j', partition, params: '{}', run_id: 'r' }, until)
const cursor = (partition: string, t: number) => ({ job: 'j', partition, cursor: { v: 1, t } })

it('holds the last cursor and the last line of each partition', () => {
  const unit = new GrowingUnit()
  expect(unit.isEmpty).toBe(true)
  unit.add({ cursors: [cursor('a', 1), cursor('b', 1)], coverage: [line('a', 1), line('b', 1)] })
  unit.add({ cursors: [cursor('a', 2)], coverage: [line('a', 2)] })
  const { cursors, coverage } = unit.toUnit()
  expect(cursors).toEqual([cursor('a', 2), cursor('b', 1)])
  expect(coverage).toEqual([line('a', 2), line('b', 1)])
  expect(unit.isEmpty).toBe(false)
})

it('drops the line of a partition that another one stands for, and keeps one that comes with it or later', () => {
  const unit = new GrowingUnit()
  unit.add({ coverage: [line('a', 1), line('b', 1)] })
  unit.add({
    superseded: [
      { job: 'j', partition: 'a' },
      { job: 'j', partition: 'c' },
    ],
    coverage: [line('c', 2)],
  })
  expect(unit.toUnit().coverage).toEqual([line('b', 1), line('c', 2)])
  unit.add({ superseded: [{ job: 'j', partition: 'a' }] })
  expect(unit.toUnit().superseded.map(({ partition }) => partition)).toEqual(['a', 'c'])
})

it('keeps partitions apart whose names only look alike together', () => {
  const unit = new GrowingUnit()
  const of = (job: string, partition: string) => ({ job, partition, cursor: { v: 1, t: 1 } })
  unit.add({ cursors: [of('a b', 'c'), of('a', 'b c')] })
  expect(unit.toUnit().cursors).toHaveLength(2)
})
