import type { Refusal } from '../../../libs/connect/feed.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { OpenFeed } from './open_feed.ts'
import { probePartitions } from './probe_partitions.ts'

/** Every partition there is now, `ok` or `refused` with the reason: each is asked with one small request. */
export async function coverTable<C>(feed: OpenFeed<C>): Promise<JsonObject> {
  const { feed: definition } = feed.access
  const until = await definition.until(feed.args)
  const { partitions, refused = [] } = await definition.discover(feed.args)
  const refusals = await probePartitions(feed, partitions, until)
  const lines = partitions.map(({ id }) => line(id, refusals.get(id)))
  return { until, partitions: [...lines, ...refused.map(({ partition, refusal }) => line(partition.id, refusal))] }
}

function line(id: string, refusal: Refusal | undefined): JsonObject {
  if (refusal === undefined) return { id, state: 'ok' }
  const { code, message, remedy } = refusal
  return { id, state: 'refused', code, message, remedy }
}
