import { describe, expect, it } from 'vitest'
import type { Partition } from '../../../libs/connect/feed.ts'
import type { Coverage, StoredState } from '../../../pipeline/destinations/destination.ts'
import { coveredUntil, wasAbsent, wasRefused } from '../../../pipeline/sync/coverage.ts'
import { KnownPartitions, refusedNow, unreadLines } from '../../../pipeline/sync/known_partitions.ts'
import type { SyncJob } from '../../../pipeline/sync/types.ts'

const JOB = { destination: { schema: 's', table: 'messages' } } as unknown as SyncJob
const NAME = 's.messages'
const no = { code: 'NO', status: 404, message: 'no', remedy: 'name another' }

const identity = (partition: Partition) => ({
  job: NAME,
  partition: partition.id,
  params: JSON.stringify(partition),
  run_id: 'run 1',
})
const stateOf = (lines: readonly Coverage[]): StoredState => ({
  cursors: new Map(),
  coverage: new Map([[NAME, new Map(lines.map((line) => [line.partition, line]))]]),
})

describe('partitions that are missing', () => {
  const state = stateOf(['a', 'b', 'c'].map((id) => coveredUntil(identity({ id }), 1000)))
  const missing = (discovery: { complete: boolean; standsFor?: (known: Partition) => boolean }) =>
    new KnownPartitions({}, state, NAME).missing(discovery, new Map([['a', { id: 'a' }]])).map((line) => line.partition)

  it('are all that a complete list lacks', () => {
    expect(missing({ complete: true })).toEqual(['b', 'c'])
    expect(missing({ complete: true, standsFor: () => false })).toEqual(['b', 'c'])
  })

  it('are those that a narrowed list stands for and lacks, and none where it does not tell', () => {
    expect(missing({ complete: false, standsFor: ({ id }) => id !== 'c' })).toEqual(['b'])
    expect(missing({ complete: false })).toEqual([])
  })
})

describe('what an option names and does not exist', () => {
  const asked = { id: 'x', asked: true }
  it.each<[string, Coverage[], boolean]>([
    ['that nobody knows is refused', [], true],
    ['that was refused before, and never read, is refused', [wasRefused(identity(asked), undefined, no)], true],
    ['that was read is missing', [coveredUntil(identity(asked), 1000)], false],
    ['that a list has shown is missing', [wasRefused(identity({ id: 'x' }), undefined, no)], false],
    ['that was missed before is missing', [wasAbsent(identity(asked), undefined, 1000)], false],
  ])('%s', (_, lines, isRefused) => {
    const state = stateOf(lines)
    const refused = [{ partition: asked, refusal: no, absent: true }]
    expect(refusedNow(refused, [JOB], state, unreadLines(state))).toEqual(isRefused ? refused : [])
  })
})

describe('thousands of threads of one server', () => {
  const isLeaf = ({ id }: Partition) => id !== 'server'
  const thread = (index: number): Partition => ({ id: `t${index}`, ...(index % 100 === 0 ? { within: 'server' } : {}) })

  it('are not compared with each other, only with what stands for them', () => {
    let compared = 0
    const covers = (by: Partition, known: Partition) => {
      compared++
      return by.id === 'server' || known.id === 'server'
    }
    const lines = Array.from({ length: 5_000 }, (_, index) => coveredUntil(identity(thread(index)), 1_000))
    const feed = { rootOf: () => 'server', covers, isLeaf }
    const known = new KnownPartitions(feed, stateOf([...lines, coveredUntil(identity({ id: 'server' }), 1_000)]), NAME)
    for (const line of lines) expect(known.coveredBy({ id: line.partition })).toMatchObject([{ partition: 'server' }])
    expect(compared).toBe(5_000)
    expect(known.coveredBy({ id: 'server' })).toHaveLength(5_000)
  })

  it('end a line once, not each of them again', () => {
    const covers = (_: Partition, { id }: Partition) => id === 'server'
    const lines = [{ id: 'server' }, thread(1), thread(2)].map((one) => coveredUntil(identity(one), 1_000))
    const known = new KnownPartitions({ rootOf: () => 'server', covers, isLeaf }, stateOf(lines), NAME)
    expect(known.supersede(thread(1))).toMatchObject([{ partition: 'server' }])
    expect(known.supersede(thread(2))).toEqual([])
    known.note({ id: 'server' }, lines[0]!)
    expect(known.supersede(thread(2))).toMatchObject([{ partition: 'server' }])
  })

  it('tell which of them an option made as parts of one', () => {
    const lines = Array.from({ length: 300 }, (_, index) => coveredUntil(identity(thread(index)), 1_000))
    const known = new KnownPartitions({}, stateOf(lines), NAME)
    expect(known.partsOf('server')).toEqual(['t0', 't100', 't200'])
    expect(known.partsOf('t0')).toEqual([])
  })
})
