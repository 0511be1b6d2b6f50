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
