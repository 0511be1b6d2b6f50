import pLimit from 'p-limit'
import type { Partition, Refusal } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { OpenFeed } from './open_feed.ts'

const CONCURRENCY = 8

/**
 * Which of these partitions can be read: each is asked for its last millisecond, one page. A direct look at
 * the partition would not do, because a team that can be seen may still refuse its messages.
 */
export async function probePartitions<C>(
  feed: OpenFeed<C>,
  partitions: readonly Partition[],
  until: Instant,
): Promise<JsonObject> {
  const limit = pLimit(CONCURRENCY)
  const refusals = await Promise.all(partitions.map((partition) => limit(() => probe(feed, partition, until))))
  const refused: JsonObject = {}
  refusals.forEach((refusal, i) => {
    if (refusal !== undefined) refused[partitions[i]!.id] = { ...refusal }
  })
  return { refused }
}

async function probe<C>(feed: OpenFeed<C>, partition: Partition, until: Instant): Promise<Refusal | undefined> {
  for await (const page of feed.read(partition, until - 1, until, 1)) return page.refused
  return undefined
}
