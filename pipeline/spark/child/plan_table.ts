import type { Refusal } from '../../../libs/connect/feed.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { asksForRows } from './look_at_keys.ts'
import type { OpenFeed } from './open_feed.ts'

/**
 * The ceiling of a read that starts now, the partitions there are, and the parents that answered no, by id. The ceiling
 * is asked for first: it must not lie behind the list.
 */
export async function planTable<C>(open: OpenFeed<C>): Promise<JsonObject> {
  const { access, args } = open
  const until = await access.feed.until(args)
  const { partitions, complete, refused = [] } = await access.feed.discover(args)
  return {
    until,
    complete,
    windowed: access.feed.kind === 'windowed',
    asks_for_rows: asksForRows(open),
    partitions: partitions.map((partition) => ({ ...partition }) as JsonObject),
    refused: refusalsById(refused.map(({ partition, refusal }) => [partition.id, refusal])),
  }
}

/** As Python takes them. */
export function refusalsById(refused: Iterable<readonly [string, Refusal]>): JsonObject {
  return Object.fromEntries([...refused].map(([id, refusal]) => [id, { ...refusal }]))
}
