import pLimit from 'p-limit'
import type { Partition } from '../../../libs/connect/feed.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { OpenFeed } from './open_feed.ts'

const CONCURRENCY = 8

/**
 * What a direct request says of partitions that a complete list lacks: `present`, `absent` or `refused`, by id.
 * @param again ids that an earlier look found absent
 */
export async function lookAtPartitions<C>(
  { access, args }: OpenFeed<C>,
  partitions: readonly Partition[],
  again: readonly string[],
): Promise<JsonObject> {
  const limit = pLimit(CONCURRENCY)
  const looks = partitions.map((partition) =>
    limit(async () => {
      const sighting = await access.feed.look(partition, args, again.includes(partition.id))
      return [partition.id, sighting.state] as const
    }),
  )
  return { sightings: Object.fromEntries(await Promise.all(looks)) }
}
