import { isPassingTrouble, type ParleyError } from '../../libs/connect/error.ts'
import type { Discovery, Partition, ReadArgs, Refusal, Sighting } from '../../libs/connect/feed.ts'
import type { Instant } from '../../libs/connect/instant.ts'
import { stableStringify } from '../../libs/connect/json.ts'
import type { Observer } from '../../libs/observe/events.ts'
import { type Coverage, jobName, type StoredState } from '../destinations/destination.ts'
import { afterLook, fellBehind, NOT_FOUND_REMEDY, type PartitionIdentity, wasRefused } from './coverage.ts'
import { type FeedGroup, type Work, workFor } from './feed_plan.ts'
import { KnownPartitions, refusedNow } from './known_partitions.ts'
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
  { id: runId, observer, state, unread }: PlanningRun,
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
  const missing = missingPartitions(group, discovery, listed, partly, state)
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

async function planMissing<C>(
  plan: GroupPlan<C>,
  missing: Missing,
  /** By partition; those found on the way are added. */
  refusals: Map<string, Refusal>,
  args: ReadArgs<C>,
  state: StoredState,
  runId: string,
): Promise<void> {
  const parentsFirst = [...missing]
    .map(([id, lines]) => ({ id, lines, partition: partitionOf(lines[0]!.before) }))
    .toSorted((a, b) => Number(a.partition.below !== undefined) - Number(b.partition.below !== undefined))
  for (const { id, lines, partition } of parentsFirst) {
    // Gone partitions are left alone: asking for each of them in every run would cost more every year.
    if (lines.every(({ before }) => before.state === 'gone')) {
      plan.apart.push(...lines.map(({ before }) => ({ line: before })))
      continue
    }
    const now = await plan.group.feed.until(args)
    // Lists and lookups lag, but a first look decides nothing: only the one that may needs patience.
    const again = lines.some(({ before }) => before.missing_since !== null)
    const above = refusals.get(partition.below ?? '')
    const look: Look =
      above !== undefined
        ? { state: 'refused', refusal: above }
        : await args.session.once(`look ${lines[0]!.before.params} ${again}`, () =>
            tryLook(() => plan.group.feed.look(partition, args, again)),
          )
    if ('state' in look && look.state === 'refused') refusals.set(id, look.refusal)
    const seen = lines.map(({ job, before }) => {
      const identity = identify(job, partition, runId)
      return 'trouble' in look ? fellBehind(identity, before, look.trouble) : afterLook(identity, before, look, now)
    })
    if (seen.some((line) => line === null))
      plan.work.push(...(await workFor(plan.group, partition, plan.until, state, args)))
    else plan.apart.push(...seen.filter((line) => line !== null).map((line) => ({ line, remedy: remedyOf(look) })))
  }
}

type Look = Sighting | { trouble: ParleyError }

function remedyOf(look: Look): string {
  if ('trouble' in look) return look.trouble.remedy
  return look.state === 'refused' ? look.refusal.remedy : NOT_FOUND_REMEDY
}

/** A partition that cannot be asked at the moment must not keep the others from being read. */
async function tryLook(look: () => Promise<Sighting>): Promise<Look> {
  try {
    return await look()
  } catch (error) {
    if (!isPassingTrouble(error)) throw error
    return { trouble: error }
  }
}

/** What is known of a partition that an option names: its id alone, unless a list has told more of it before. */
function wasListed(before: Coverage | undefined, partition: Partition): Partition {
  return partition.asked === true && before !== undefined ? partitionOf(before) : partition
}

const partitionOf = (line: Coverage): Partition => JSON.parse(line.params) as Partition

/** Partitions that an option once made as parts of this one: what they showed is this one's to keep or to drop. */
export function partsOf(state: StoredState, job: string, partition: string): string[] {
  const lines = [...(state.coverage.get(job)?.values() ?? [])]
  return lines.filter((line) => partitionOf(line).within === partition).map((line) => line.partition)
}

/** What is missing, by partition, with the jobs that know it. */
type Missing = Map<string, { job: SyncJob; before: Coverage }[]>

function missingPartitions<C>(
  group: FeedGroup<C>,
  discovery: Discovery,
  listed: ReadonlyMap<string, Partition>,
  partly: ReadonlySet<string>,
  state: StoredState,
): Missing {
  const missing: Missing = new Map()
  for (const job of group.jobs) {
    for (const before of new KnownPartitions(group.feed, state, jobName(job)).missing(discovery, listed, partly))
      missing.set(before.partition, [...(missing.get(before.partition) ?? []), { job, before }])
  }
  return missing
}

/** What is true of the partition whenever it is asked for. */
function withoutFacts(partition: Partition): Record<string, string> {
  return Object.fromEntries(
    Object.entries(partition as Record<string, string>).filter(([name]) => !name.startsWith('_')),
  )
}

export function identify(job: SyncJob, partition: Partition, runId: string): PartitionIdentity {
  return {
    job: jobName(job),
    partition: partition.id,
    params: stableStringify(withoutFacts(partition)),
    run_id: runId,
  }
}
