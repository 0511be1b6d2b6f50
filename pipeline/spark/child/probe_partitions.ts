import pLimit from 'p-limit'
import type { Partition, Refusal } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { OpenFeed } from './open_feed.ts'

/** As many as it takes to use a limit of 200 a second where an answer takes a sixth of one: a first plan asks thousands. */
const CONCURRENCY = 32

/**
 * Which of these partitions cannot be read, with the reason: each is asked for its last millisecond, one page. A direct
 * look at the partition would not do, because a team that can be seen may still refuse its messages.
 */
export async function probePartitions<C>(
  feed: OpenFeed<C>,
  partitions: readonly Partition[],
  until: Instant,
): Promise<Map<string, Refusal>> {
  const limit = pLimit(CONCURRENCY)
  const refused = new Map<string, Refusal>()
  const ask = async (partition: Partition) => {
    const refusal = await probe(feed, partition, until)
    if (refusal !== null) refused.set(partition.id, refusal)
  }
  await Promise.all(partitions.map((partition) => limit(() => ask(partition))))
  return refused
}

/** Null: it answers, or there is another way to read all of it. */
async function probe<C>(feed: OpenFeed<C>, partition: Partition, until: Instant): Promise<Refusal | null> {
  for await (const { refused } of feed.read(partition, until - 1, until, { maxPages: 1 })) {
    if (refused === undefined) return null
    const others = await feed.access.feed.fallback?.(partition, refused, feed.args)
    if (!others) return refused
    return others.refused?.[0]?.refusal ?? null
  }
  return null
}
