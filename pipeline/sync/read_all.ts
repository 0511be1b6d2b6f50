import pLimit from 'p-limit'
import { isParleyError } from '../../libs/connect/error.ts'
import type { Work } from './feed_plan.ts'
import { fallBehind, type PartitionReader, readPartition } from './read_partition.ts'

export interface ReadAllOptions<C> {
  reader: PartitionReader<C>
  /** Partitions of one feed that are read at the same time; default: what the feed declares, or 16. */
  workers: number | undefined
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
  await readRound(failed, options, false)
}

const DEFAULT_WORKERS = 16

/** Partitions that fail one after the other, none read between them, before the source itself counts as unavailable. */
const MAX_FAILURES_IN_A_ROW = 50

/** Answers the partitions that failed and may be tried again. */
async function readRound<C>(
  work: readonly Work<C>[],
  options: ReadAllOptions<C>,
  retry: boolean,
): Promise<readonly Work<C>[]> {
  const { reader, workers, stop } = options
  const failed: Work<C>[] = []
  let failuresInARow = 0
  let latest: Failure | null = null
  // A pool a feed: the API limits each of them by itself, and one with a low limit must not hold up the others.
  const pools = new Map(
    [...new Set(work.map(({ feed }) => feed))].map((feed) => [
      feed,
      pLimit(workers ?? feed.parallel ?? DEFAULT_WORKERS),
    ]),
  )
  const ends: Promise<void>[] = []
  const start = (one: Work<C>): void => {
    const end = pools.get(one.feed)!(() => read(one))
    // Awaited below, perhaps much later: until then a failure is nobody's yet.
    end.catch(() => {})
    ends.push(end)
  }
  const read = async (one: Work<C>): Promise<void> => {
    if (reader.signal.aborted) return
    // The others have been read: those that go on failing are behind, without each spending its own tries.
    if (!retry && latest !== null && failuresInARow >= MAX_FAILURES_IN_A_ROW) return fallBehind(one, reader, latest)
    try {
      const how = await readPartition(one, reader)
      if (how === 'done') reader.report.done(one)
      else if (how !== 'refused') {
        reader.report.replaced(one, how.instead)
        how.instead.forEach(start)
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
  // All of them: nobody may hand a page to the committer after this function has ended.
  work.forEach(start)
  for (const end of ends) await end.catch(() => {})
  for (const end of ends) await end
  return failed
}

type Failure = Error & { code: string; remedy: string }

/** True for trouble that the next partition need not have. */
function isOfPartition(error: unknown): error is Failure {
  return isParleyError(error) && (error.kind === 'source' || error.kind === 'partial')
}
