import { describe, expect, it } from 'vitest'
import type { FeedDefinition, Partition, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { StoredState } from '../../../pipeline/destinations/destination.ts'
import { coveredUntil, wasAbsent, wasRefused } from '../../../pipeline/sync/coverage.ts'
import type { GroupPlan } from '../../../pipeline/sync/discover.ts'
import { planMissing } from '../../../pipeline/sync/plan_missing.ts'
import { jobOf, labels } from '../../support/jobs.ts'

const job = jobOf(labels)
const no = { code: 'NO', status: 403, message: 'no', remedy: 'ask' }
const identity = (partition: Partition) => ({
  job: 'test.labels',
  partition: partition.id,
  params: JSON.stringify(partition),
  run_id: 'run 1',
})

/** Plans for partitions that are missing; those whose id says so were refused before. */
async function plan(
  partitions: readonly Partition[],
  answer: (id: string) => Promise<Sighting> | Sighting,
  runId = 'run 2',
) {
  const asked: string[] = []
  const feed = {
    name: 'labels',
    until: async () => 5_000,
    look: async ({ id }: Partition) => {
      asked.push(id)
      return answer(id)
    },
  } as unknown as FeedDefinition<null>
  const group = { feed, options: {}, jobs: [job] }
  const planned: GroupPlan<null> = { group, until: 5_000, work: [], apart: [], forgotten: [] }
  const lineOf = (one: Partition) =>
    one.id.startsWith('refused')
      ? wasRefused(identity(one), undefined, no)
      : one.id.startsWith('absent')
        ? wasAbsent(identity(one), undefined, 1_000)
        : coveredUntil(identity(one), 1_000)
  const missing = new Map(partitions.map((one) => [one.id, [{ job, before: lineOf(one) }]]))
  const args: ReadArgs<null> = {
    connection: null,
    options: {},
    session: new Session(),
    signal: new AbortController().signal,
  }
  const state: StoredState = { cursors: new Map(), coverage: new Map() }
  await planMissing(planned, missing, new Map(), args, state, runId)
  return { asked, planned }
}

const refused: Sighting = { state: 'refused', refusal: no }

describe('partitions that a list lacks', () => {
  it('come last where they were refused before, in another order with every run', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ id: `refused ${index}` }))
    const all = [...many, { id: 'other' }, { id: 'absent once' }]
    const first = await plan(all, () => refused)
    // A second look decides: it comes first.
    expect(first.asked.slice(0, 2)).toEqual(['absent once', 'other'])
    expect(first.asked.toSorted()).toEqual(all.map(({ id }) => id).toSorted())
    const second = await plan(all, () => refused, 'run 3')
    expect(second.asked).not.toEqual(first.asked)
    expect(first.planned.apart.map(({ line }) => line.state)).toEqual(Array(32).fill('refused'))
  })

  it('are asked for side by side, and those below one only when it has answered', async () => {
    let underWay = 0
    let most = 0
    const slow = async (): Promise<Sighting> => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 5))
      underWay--
      return { state: 'absent', status: 404 }
    }
    await plan(
      Array.from({ length: 25 }, (_, index) => ({ id: `p${index}` })),
      slow,
    )
    expect(most).toBe(10)
    const { asked, planned } = await plan([{ id: 'thread', below: 'channel' }, { id: 'channel' }], () => refused)
    expect(asked).toEqual(['channel'])
    expect(planned.apart.map(({ line }) => [line.partition, line.state])).toEqual([
      ['channel', 'refused'],
      ['thread', 'refused'],
    ])
  })
})
