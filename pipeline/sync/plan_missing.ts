import pLimit from 'p-limit'
import { isPassingTrouble, type ParleyError } from '../../libs/connect/error.ts'
import type { Discovery, Partition, ReadArgs, Refusal, Sighting } from '../../libs/connect/feed.ts'
import type { Coverage, StoredState } from '../destinations/destination.ts'
import { afterLook, fellBehind, NOT_FOUND_REMEDY } from './coverage.ts'
import type { GroupPlan } from './discover.ts'
import { workFor } from './feed_plan.ts'
import { identify, partitionOf } from './identify.ts'
import type { KnownPartitions } from './known_partitions.ts'
import { shuffled } from './shuffled.ts'
import type { SyncJob } from './types.ts'

/** What is missing, by partition, with the jobs that know it. */
type Missing = Map<string, MissingLine[]>

interface MissingLine {
  job: SyncJob
  before: Coverage
}

/** Looks under way at the same time, where nobody says how many. */
const DEFAULT_WORKERS = 10

export function missingPartitions(
  jobs: readonly SyncJob[],
  known: (job: SyncJob) => KnownPartitions,
  discovery: Discovery,
  listed: ReadonlyMap<string, Partition>,
  partly: ReadonlySet<string>,
): Missing {
  const missing: Missing = new Map()
  for (const job of jobs) {
    for (const before of known(job).missing(discovery, listed, partly)) {
      const lines = missing.get(before.partition) ?? []
      missing.set(before.partition, lines)
      lines.push({ job, before })
    }
  }
  return missing
}

/** Asks for each missing partition: those first that others lie below, whose refusal is theirs too. */
export async function planMissing<C>(
  plan: GroupPlan<C>,
  missing: Missing,
  /** By partition; those found on the way are added. */
  refusals: Map<string, Refusal>,
  args: ReadArgs<C>,
  state: StoredState,
  runId: string,
): Promise<void> {
  const all = [...missing].map(([id, lines]) => ({ id, lines, partition: partitionOf(lines[0]!.before) }))
  // Gone partitions are left alone: asking for each of them in every run would cost more every year.
  const isGone = ({ lines }: MissingPartition) => lines.every(({ before }) => before.state === 'gone')
  for (const { lines } of all.filter(isGone)) plan.apart.push(...lines.map(({ before }) => ({ line: before })))
  const [above, below] = [true, false].map((isAbove) =>
    all.filter((one) => !isGone(one) && (one.partition.below === undefined) === isAbove),
  )
  const limit = pLimit(args.workers ?? DEFAULT_WORKERS)
  for (const round of [above!, below!]) {
    const ask = (one: MissingPartition) => limit(async () => ({ ...one, look: await look(plan, one, refusals, args) }))
    for (const { id, lines, partition, look } of await Promise.all(inOrder(round, runId).map(ask))) {
      if ('state' in look && look.state === 'refused') refusals.set(id, look.refusal)
      const now = await plan.group.feed.until(args)
      const seen = lines.map(({ job, before }) => {
        const identity = identify(job, partition, runId)
        return 'trouble' in look ? fellBehind(identity, before, look.trouble) : afterLook(identity, before, look, now)
      })
      if (seen.some((line) => line === null))
        plan.work.push(...(await workFor(plan.group, partition, plan.until, state, args)))
      else plan.apart.push(...seen.filter((line) => line !== null).map((line) => ({ line, remedy: remedyOf(look) })))
    }
  }
}

interface MissingPartition {
  id: string
  lines: MissingLine[]
  partition: Partition
}

/** Those that were refused before come last, in another order every time: a feed may ask for some of them only. */
function inOrder(partitions: readonly MissingPartition[], runId: string): MissingPartition[] {
  const wasRefused = ({ lines }: MissingPartition) =>
    lines.every(({ before }) => before.state === 'refused' && before.missing_since === null)
  const before = new Map(partitions.filter(wasRefused).map((one) => [one.id, one]))
  const others = partitions.filter(({ id }) => !before.has(id))
  // A second look decides.
  others.sort((a, b) => Number(isAbsentOnce(b)) - Number(isAbsentOnce(a)))
  return [...others, ...shuffled([...before.keys()], runId).map((id) => before.get(id)!)]
}

const isAbsentOnce = ({ lines }: MissingPartition) => lines.some(({ before }) => before.missing_since !== null)

type Look = Sighting | { trouble: ParleyError }

async function look<C>(
  { group: { feed } }: GroupPlan<C>,
  missing: MissingPartition,
  refusals: ReadonlyMap<string, Refusal>,
  args: ReadArgs<C>,
): Promise<Look> {
  const { lines, partition } = missing
  const above = refusals.get(partition.below ?? '')
  if (above !== undefined) return { state: 'refused', refusal: above }
  // Lists and lookups lag, but a first look decides nothing: only the one that may needs patience.
  const again = isAbsentOnce(missing)
  return args.session.once(`look ${lines[0]!.before.params} ${again}`, () =>
    tryLook(() => feed.look(partition, args, again)),
  )
}

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
