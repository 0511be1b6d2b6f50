import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'
import { isParleyError } from '../../libs/connect/error.ts'
import { Session } from '../../libs/connect/session.ts'
import type { Work } from './feed_plan.ts'
import { fallBehind, type PartitionReader, readPartition } from './read_partition.ts'
import type { Timings } from './timings.ts'
import { type PoolSize, WorkerPool } from './worker_pool.ts'

export interface ReadAllOptions<C> {
  reader: PartitionReader<C>
  /** Partitions that are read at the same time. Default: of each feed what it declares, or 16, and more where they wait. */
  workers: number | undefined
  /** Partitions that a worker takes at a time. Default 5. */
  batch: number | undefined
  timings: Timings
  /** Ends every read: for a failure that concerns all partitions. */
  stop: AbortController
}

/**
 * Reads partitions side by side. A failure of one leaves the others alone; it is tried once more at the end of
 * the run, when a passing trouble is often over, and is then `behind`.
 * @throws the first failure that is not about one partition (a rejected token, a full disk, a bug)
 */
export async function readAll<C>(work: readonly Work<C>[], options: ReadAllOptions<C>): Promise<void> {
  const failed = await readRound(work, options, true)
  // What failed in discovery is remembered in the session: asked for again, it may be answered.
  await readRound(failed, { ...options, reader: { ...options.reader, session: new Session() } }, false)
}

const DEFAULT_WORKERS = 16
const DEFAULT_BATCH = 5
/** Workers of a pool whose size nobody has set: twice as many as a client has connections, since those that wait for a limit use none. */
const MOST_WORKERS = 100

function sizeOf<C>({ feed }: Work<C>, { workers, batch = DEFAULT_BATCH }: ReadAllOptions<C>): PoolSize {
  if (workers !== undefined) return { workers, most: workers, batch }
  if (feed.parallel === undefined) return { workers: DEFAULT_WORKERS, most: DEFAULT_WORKERS, batch }
  return { workers: feed.parallel, most: Math.max(feed.parallel, MOST_WORKERS), batch }
}

/** Partitions that fail one after the other, none read between them, before the source itself counts as unavailable. */
const MAX_FAILURES_IN_A_ROW = 50

/** Answers the partitions that failed and may be tried again. */
async function readRound<C>(
  work: readonly Work<C>[],
  options: ReadAllOptions<C>,
  retry: boolean,
): Promise<readonly Work<C>[]> {
  const { reader, stop, timings } = options
  const failed: Work<C>[] = []
  let failuresInARow = 0
  let latest: Failure | null = null
  const read = async (one: Work<C>): Promise<void> => {
    // Thousands of partitions that have nothing to read would let no timer and no signal in.
    await setImmediate()
    if (reader.signal.aborted) return
    // The others have been read: those that go on failing are behind, without each spending its own tries.
    if (!retry && latest !== null && failuresInARow >= MAX_FAILURES_IN_A_ROW) return fallBehind(one, reader, latest)
    const end = timings.begin(one)
    try {
      const how = await readPartition(one, reader).finally(end)
      if (how === 'done') reader.report.done(one)
      else if (how !== 'refused') {
        reader.report.replaced(one, how.instead)
        add(how.instead)
      }
      failuresInARow = 0
    } catch (error) {
      if (reader.signal.aborted) return
      // Thousands of partitions would each spend their own tries on a source that is down.
      const isDown = isParleyError(error) && error.kind === 'source' && ++failuresInARow >= MAX_FAILURES_IN_A_ROW
      if ((isDown && retry) || !isOfPartition(error)) {
        stop.abort(error)
        throw error
      }
      latest = error
      if (retry) failed.push(one)
      else await fallBehind(one, reader, error)
    }
  }
  // A pool a feed: the API limits each of them by itself, and one with a low limit must not hold up the others.
  const pools = new Map<Work<C>['feed'], WorkerPool<Work<C>>>()
  let problem: { error: unknown } | undefined
  // So many that somebody has set are those of the run, not of each feed.
  const gate = pLimit(options.workers ?? Number.POSITIVE_INFINITY)
  const add = (more: readonly Work<C>[]): void => {
    for (const one of more) pools.get(one.feed)!.add([one])
  }
  for (const one of work) {
    if (pools.has(one.feed)) continue
    const keep = (error: unknown): void => {
      problem ??= { error }
    }
    const size = sizeOf(one, options)
    pools.set(
      one.feed,
      new WorkerPool({ ...size, held: reader.held, work: (item) => gate(() => read(item).catch(keep)) }),
    )
  }
  add(work)
  // All of them: nobody may hand a page to the committer after this function has ended.
  await Promise.all([...pools.values()].map((pool) => pool.run()))
  if (problem !== undefined) throw problem.error
  return failed
}

type Failure = Error & { code: string; remedy: string }

/** True for trouble that the next partition need not have. */
function isOfPartition(error: unknown): error is Failure {
  return isParleyError(error) && !error.endsRun && (error.kind === 'source' || error.kind === 'partial')
}
