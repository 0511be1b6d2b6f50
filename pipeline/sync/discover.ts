import type { Partition, ReadArgs } from '../../libs/connect/feed.ts'
import type { Instant } from '../../libs/connect/instant.ts'
import type { Observer } from '../../libs/observe/events.ts'
import { type Coverage, jobName, type StoredState } from '../destinations/destination.ts'
import { fellBehind, wasRefused } from './coverage.ts'
import { type FeedGroup, type Work, workFor } from './feed_plan.ts'
import { identify, partitionOf } from './identify.ts'
import { type KnownPartitions, refusedNow } from './known_partitions.ts'
import { missingPartitions, planMissing } from './plan_missing.ts'
import type { SyncJob } from './types.ts'

/** What a feed group has to do in this run. */
export interface GroupPlan<C> {
  group: FeedGroup<C>
  until: Instant
  work: Work<C>[]
  /** Partitions that are not read now, with why: absent, refused or gone. */
  apart: Apart[]
  /** Partitions that an option named, that were never read, and that it no longer names: their lines end. */
  forgotten: { job: string; partition: string }[]
}

/** What planning needs to know of the run. */
export interface PlanningRun {
  id: string
  observer: Observer
  state: StoredState
  /** See `unreadLines`. */
  unread: ReadonlySet<Coverage>
  known(job: SyncJob): KnownPartitions
}

export interface Apart {
  line: Coverage
  /** What to do about it; none for what is gone. */
  remedy?: string
}

/**
 * Fixes the ceiling, lists the partitions, and asks for each that an earlier run knew and that is missing in a list which
 * stands for it: only a direct answer can say that it is gone.
 */
export async function planGroup<C>(
  group: FeedGroup<C>,
  args: Omit<ReadArgs<C>, 'options'>,
  { id: runId, observer, state, unread, known }: PlanningRun,
): Promise<GroupPlan<C>> {
  const full = { ...args, options: group.options }
  const until = await group.feed.until(full)
  const discovery = await group.feed.discover(full)
  const refused = refusedNow(discovery.refused ?? [], group.jobs, state, unread)
  const plan: GroupPlan<C> = { group, until, work: [], apart: [], forgotten: [] }
  const listed = new Map<string, Partition>()
  for (const partition of discovery.partitions) {
    if (listed.has(partition.id)) continue
    listed.set(partition.id, partition)
    plan.work.push(...(await workFor(group, partition, until, state, full)))
  }
  for (const { partition, refusal, failed } of refused) {
    listed.set(partition.id, partition)
    for (const job of group.jobs) {
      const before = state.coverage.get(jobName(job))?.get(partition.id)
      const identity = identify(job, wasListed(before, partition), runId)
      const line = failed ? fellBehind(identity, before, refusal) : wasRefused(identity, before, refusal)
      plan.apart.push({ line, remedy: refusal.remedy })
    }
  }
  const rootOf = group.feed.rootOf ?? (({ id }: Partition) => id)
  const unknown = new Set(refused.flatMap(({ partition }) => [partition.id, rootOf(partition)]))
  const isMeant = (one: Partition) => listed.has(one.id) || unknown.has(one.within ?? '') || unknown.has(rootOf(one))
  plan.forgotten = forget(group, isMeant, state, unread)
  const partly = new Set(refused.filter((one) => one.partly).map(({ partition }) => partition.id))
  const refusals = new Map(
    // What is below one that does not exist is no more refused than it is.
    refused.filter((one) => !one.failed && !one.absent).map(({ partition, refusal }) => [partition.id, refusal]),
  )
  const missing = missingPartitions(group.jobs, known, discovery, listed, partly)
  await planMissing(plan, missing, refusals, full, state, runId)
  observer({
    type: 'discovered',
    feed: group.feed.name,
    partitions: listed.size,
    refused: plan.apart.length,
    tables: group.jobs.map(jobName),
  })
  return plan
}

/**
 * Takes lines out of the state that were an option's alone: a typing error would be looked for, and reported, long after
 * it was corrected. A part of a partition whose own list was refused in this run may still be meant.
 */
function forget<C>(
  group: FeedGroup<C>,
  isMeant: (partition: Partition) => boolean,
  state: StoredState,
  unread: ReadonlySet<Coverage>,
): GroupPlan<C>['forgotten'] {
  return group.jobs.map(jobName).flatMap((job) => {
    const lines = state.coverage.get(job) ?? new Map<string, Coverage>()
    const old = [...lines.values()].filter((line) => {
      const partition = partitionOf(line)
      return unread.has(line) && (partition.asked === true || partition.within !== undefined) && !isMeant(partition)
    })
    for (const { partition } of old) lines.delete(partition)
    return old.map(({ partition }) => ({ job, partition }))
  })
}

/** What is known of a partition that an option names: its id alone, unless a list has told more of it before. */
function wasListed(before: Coverage | undefined, partition: Partition): Partition {
  return partition.asked === true && before !== undefined ? partitionOf(before) : partition
}
