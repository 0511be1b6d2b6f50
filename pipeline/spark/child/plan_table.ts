import type { JsonObject } from '../../../libs/connect/json.ts'
import type { OpenFeed } from './open_feed.ts'

/** The ceiling of a read that starts now, and the partitions there are. The ceiling is asked for first: it must not lie behind the list. */
export async function planTable<C>({ access, args }: OpenFeed<C>): Promise<JsonObject> {
  const until = await access.feed.until(args)
  const { partitions, complete } = await access.feed.discover(args)
  return {
    until,
    complete,
    windowed: access.feed.kind === 'windowed',
    partitions: partitions.map((partition) => ({ ...partition }) as JsonObject),
  }
}
