import type { FeedEstimate } from '../../libs/connect/estimate.ts'
import type { Discovery, Partition, ReadArgs } from '../../libs/connect/feed.ts'
import { formatInstant, type Instant } from '../../libs/connect/instant.ts'
import { jobName, type StoredState } from '../destinations/destination.ts'
import { MOST_PARTITIONS, type TableEstimate } from './estimate_types.ts'
import { type FeedGroup, type Work, workFor } from './feed_plan.ts'
import { KnownPartitions, refusedNow, unreadLines } from './known_partitions.ts'
import type { SyncJob } from './types.ts'

/** What a feed group would have to do. */
export interface PlannedGroup<C> {
  group: FeedGroup<C>
  args: ReadArgs<C>
  until: Instant
  work: Work<C>[]
  tables: TableEstimate[]
}

/** Lists the partitions as a run does, but asks for none of those that are no longer listed: that is the run's business. */
export async function planOnly<C>(
  group: FeedGroup<C>,
  others: Omit<ReadArgs<C>, 'options'>,
  state: StoredState,
): Promise<PlannedGroup<C>> {
  const args = { ...others, options: group.options }
  const until = await group.feed.until(args)
  const discovery = await group.feed.discover(args)
  const refused = refusedNow(discovery.refused ?? [], group.jobs, state, unreadLines(state))
  const listed = new Map<string, Partition>(refused.map(({ partition }) => [partition.id, partition]))
  const partly = new Set(refused.filter((one) => one.partly).map(({ partition }) => partition.id))
  const work: Work<C>[] = []
  for (const partition of discovery.partitions) {
    if (listed.has(partition.id)) continue
    listed.set(partition.id, partition)
    work.push(...(await workFor(group, partition, until, state, args)))
  }
  const tables = group.jobs.map((job) => {
    const missing = missingOf(group, job, discovery, listed, partly, state)
    return describe(job, work, refused.length, missing, state)
  })
  return { group, args, until, work, tables }
}

/** What the feed says of its cost. */
export async function askFeed<C>(
  { group, args, until, work }: PlannedGroup<C>,
  sample: boolean,
): Promise<FeedEstimate> {
  const reads = work.map(({ partition, cursor }) => ({ partition, cursor }))
  const basis = 'At least one request for each partition; the source says nothing more.'
  if (group.feed.estimate === undefined) return { atLeast: reads.length, likely: null, basis, limits: [] }
  return group.feed.estimate({ ...args, until, reads, sample })
}

function missingOf<C>(
  { feed }: FeedGroup<C>,
  job: SyncJob,
  discovery: Discovery,
  listed: ReadonlyMap<string, Partition>,
  partly: ReadonlySet<string>,
  state: StoredState,
): number {
  const missing = new KnownPartitions(feed, state, jobName(job)).missing(discovery, listed, partly)
  return missing.filter(({ state }) => state !== 'gone').length
}

function describe<C>(
  job: SyncJob,
  work: readonly Work<C>[],
  refused: number,
  missing: number,
  state: StoredState,
): TableEstimate {
  const name = jobName(job)
  const coverage = state.coverage.get(name)
  const own = work.filter(({ jobs }) => jobs.includes(job))
  const fresh = own.filter(({ cursor }) => cursor === null).length
  const list = own.map(({ partition, cursor }) => {
    const until = coverage?.get(partition.id)?.synced_until ?? null
    const from = cursor === null ? 'beginning' : until === null ? 'unfinished' : formatInstant(until)
    return { partition: partition.id, from, until: cursor === null ? null : until }
  })
  const since = list.reduce<number | null>(
    (least, { until }) => (until === null ? least : Math.min(least ?? until, until)),
    null,
  )
  return {
    table: job.table.name,
    destination: name,
    partitions: { total: own.length + refused, new: fresh, going_on: own.length - fresh, refused, missing },
    since: since === null ? null : formatInstant(since),
    list: list.slice(0, MOST_PARTITIONS).map(({ partition, from }) => ({ partition, from })),
  }
}
