import type { Cursor, FeedDefinition, Partition, ReadArgs } from '../../libs/connect/feed.ts'
import type { Instant } from '../../libs/connect/instant.ts'
import { type Json, stableStringify } from '../../libs/connect/json.ts'
import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { Closable, SourceDefinition } from '../../libs/connect/source.ts'
import { jobName, type StoredState } from '../destinations/destination.ts'
import type { SyncJob } from './types.ts'

/** Jobs that read one feed with the same options: they share discovery, ceiling and, where cursors agree, the walk. */
export interface FeedGroup<C> {
  feed: FeedDefinition<C>
  options: ResolvedOptions
  jobs: SyncJob[]
}

/** One partition to read for the jobs whose cursors agree. */
export interface Work<C> {
  feed: FeedDefinition<C>
  options: ResolvedOptions
  partition: Partition
  cursor: Cursor | null
  jobs: SyncJob[]
  until: Instant
}

/** Groups jobs by feed and options, in the order of the source's feeds. */
export function groupByFeed<C extends Closable>(source: SourceDefinition<C>, jobs: readonly SyncJob[]): FeedGroup<C>[] {
  const groups: FeedGroup<C>[] = []
  for (const feed of source.feeds) {
    const byOptions = Map.groupBy(
      jobs.filter((job) => feed.tables.includes(job.table.name)),
      (job) => stableStringify(job.options as Record<string, Json>),
    )
    for (const group of byOptions.values()) groups.push({ feed, options: group[0]!.options, jobs: group })
  }
  return groups
}

/**
 * Splits a group's jobs for one partition by where they are: tables whose cursors agree are read in one walk,
 * a table that was added later is read alone until it has caught up.
 */
export async function workFor<C>(
  group: FeedGroup<C>,
  partition: Partition,
  until: Instant,
  state: StoredState,
  args: ReadArgs<C>,
): Promise<Work<C>[]> {
  const { feed, options } = group
  const cursors = new Map<SyncJob, Cursor | null>()
  for (const job of group.jobs) cursors.set(job, await startOf(feed, partition, state.cursors.get(jobName(job)), args))
  const cursorOf = (job: SyncJob) => cursors.get(job) ?? null
  const placeOf = (cursor: Cursor | null) => (cursor === null ? null : (feed.placeOf?.(cursor) ?? cursor))
  const byCursor = Map.groupBy(group.jobs, (job) => stableStringify(placeOf(cursorOf(job))))
  const works: Work<C>[] = []
  for (const sameCursor of byCursor.values()) {
    // Two jobs of the same table walk apart: a page holds a table once.
    const rounds = sameCursor.map((job) => sameCursor.filter((other) => other.table === job.table).indexOf(job))
    for (let round = 0; round <= Math.max(...rounds); round++) {
      const jobs = sameCursor.filter((_, index) => rounds[index] === round)
      works.push({ feed, options, partition, cursor: cursorOf(jobs[0]!), jobs, until })
    }
  }
  return works
}

/** The partition's own cursor, or what other partitions of the job have read of it before. */
async function startOf<C>(
  feed: FeedDefinition<C>,
  partition: Partition,
  stored: ReadonlyMap<string, Cursor> | undefined,
  args: ReadArgs<C>,
): Promise<Cursor | null> {
  const cursorOf = (id: string) => stored?.get(id) ?? null
  return cursorOf(partition.id) ?? (await feed.handOver?.(partition, cursorOf, args)) ?? null
}
