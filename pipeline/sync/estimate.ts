import type { FeedEstimate } from '../../libs/connect/estimate.ts'
import { Session } from '../../libs/connect/session.ts'
import type { Closable } from '../../libs/connect/source.ts'
import { plural } from '../../libs/observe/format.ts'
import { collectStatistics } from '../../libs/observe/statistics.ts'
import { jobName, type StoredState } from '../destinations/destination.ts'
import type { HeldState } from '../destinations/duckdb/state_held.ts'
import { askFeed, type PlannedGroup, planOnly } from './estimate_group.ts'
import { earlierRuns } from './estimate_history.ts'
import { bindingLimit } from './estimate_limits.ts'
import type { EarlierRuns, RequestEstimate, SyncEstimate } from './estimate_types.ts'
import { groupByFeed } from './feed_plan.ts'
import type { SyncDeps, SyncPlan } from './types.ts'

const NOTHING: StoredState = { cursors: new Map(), coverage: new Map() }

/**
 * What a run of this plan would read, and what that costs. Makes the requests that find the partitions, and small ones
 * to count what nobody has counted; reads no rows to keep, writes nothing.
 * @param held what the destination holds; null: nothing
 */
export async function estimateSync(
  plan: SyncPlan,
  held: HeldState | null,
  { runtime, signal }: Pick<SyncDeps, 'runtime' | 'signal'>,
): Promise<SyncEstimate> {
  const began = runtime.now()
  const statistics = collectStatistics()
  const observer: typeof runtime.observer = (event) => {
    statistics.observe(event)
    runtime.observer(event)
  }
  const connection = plan.source.connect(plan.connectionOptions, { ...runtime, observer })
  try {
    const groups = await planGroups(plan, connection, held?.state ?? NOTHING, signal)
    // Each partition that is no longer listed is asked for, once for all tables.
    const looks = Math.max(0, ...groups.flatMap(({ tables }) => tables.map(({ partitions }) => partitions.missing)))
    const discovery = statistics.read().requests + looks
    const earlier = earlierRuns(held?.runs ?? [], plan.jobs.map(jobName))
    const known = fromEarlier(groups, earlier)
    const estimates: FeedEstimate[] = []
    for (const group of groups) estimates.push(await askFeed(group, known === null))
    const limit = bindingLimit(estimates.flatMap(({ limits }) => limits))
    const { requests, bytes } = statistics.read()
    return {
      source: plan.source.name,
      connection: plan.connectionName,
      destination_exists: held !== null,
      tables: groups.flatMap(({ tables }) => tables),
      reads: groups.map(({ group, work }, index) => ({
        feed: group.feed.name,
        destinations: group.jobs.map(jobName),
        reads: work.length,
        requests: describe(estimates[index]!),
      })),
      requests: sum(estimates, discovery, known),
      seconds: Math.max(known?.seconds ?? 0, limit?.seconds ?? 0),
      limit,
      earlier,
      planning: { requests, bytes, seconds: (runtime.now() - began) / 1000 },
    }
  } finally {
    await connection.close()
  }
}

async function planGroups(
  plan: SyncPlan,
  connection: Closable,
  { cursors, coverage }: StoredState,
  signal: AbortSignal,
): Promise<PlannedGroup<Closable>[]> {
  const state = plan.full === true ? { cursors: new Map(), coverage } : { cursors, coverage }
  const session = new Session()
  const groups: PlannedGroup<Closable>[] = []
  for (const group of groupByFeed(plan.source, plan.jobs))
    groups.push(await planOnly(group, { connection, session, signal }, state))
  return groups
}

interface Known {
  requests: number
  seconds: number
  basis: string
}

/** A run like this one has been made before: all from the beginning, or all going on. */
function fromEarlier(groups: readonly PlannedGroup<Closable>[], earlier: EarlierRuns | null): Known | null {
  const work = groups.flatMap((group) => group.work)
  const fresh = work.filter(({ cursor }) => cursor === null).length
  if (earlier === null || work.length === 0) return null
  if (fresh === work.length)
    return { ...earlier.largest, basis: 'As many as the run of these tables that read the most.' }
  if (fresh > 0 || earlier.usual === null) return null
  return { ...earlier.usual, basis: `The median of ${plural(earlier.runs - 1, 'earlier run')} that went on.` }
}

const describe = ({ atLeast, likely, basis }: FeedEstimate): RequestEstimate => ({
  at_least: atLeast,
  estimated: likely === null ? null : Math.max(atLeast, likely),
  basis,
})

function sum(estimates: readonly FeedEstimate[], discovery: number, known: Known | null): RequestEstimate {
  const at_least = estimates.reduce((total, { atLeast }) => total + atLeast, discovery)
  if (known !== null) return { at_least, estimated: Math.max(known.requests, at_least), basis: known.basis }
  const unknown = estimates.some(({ likely }) => likely === null)
  const estimated = estimates.reduce((total, { atLeast, likely }) => total + Math.max(atLeast, likely ?? 0), discovery)
  const basis = 'The sum of the reads, and what finding the partitions takes.'
  return { at_least, estimated: unknown ? null : estimated, basis }
}
