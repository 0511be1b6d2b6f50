import type { EstimateArgs, FeedEstimate } from '../../../libs/connect/estimate.ts'
import type { Partition } from '../../../libs/connect/feed.ts'
import { LoadSum } from '../../../libs/http/load_sum.ts'
import type { DiscordClient } from '../client.ts'
import { planWalk } from './message_cursor.ts'

type Args = EstimateArgs<DiscordClient>

/** What lists cost of which each is usually one page. @param pathOf of a partition's first request; null: it takes none */
export function estimateLists(
  { connection, reads }: Args,
  pathOf: (partition: Partition) => string[] | null,
): FeedEstimate {
  const loads = new LoadSum()
  for (const { partition } of reads) {
    const path = pathOf(partition)
    if (path !== null) loads.add(connection.limitsOf(path), 1)
  }
  const basis = 'One request each; a list of several pages takes more.'
  return { atLeast: loads.requests, likely: loads.requests, basis, limits: loads.limits }
}

/** What messages cost: one request for each channel where something can have changed. Discord does not tell how many there are. */
export function estimateMessages({ connection, reads, until, options }: Args): FeedEstimate {
  const loads = new LoadSum()
  let unread = 0
  for (const { partition, cursor } of reads) {
    const { channel_id, _last_message_id: listed } = partition
    if (channel_id === undefined) continue
    if (planWalk(cursor, until, options, typeof listed === 'string' ? listed : undefined) === null) continue
    if (cursor === null) unread++
    loads.add(connection.limitsOf(['channels', String(channel_id), 'messages']), 1)
  }
  const known = 'One request for each channel in which something can have changed, and one more for every page of them.'
  const basis = unread > 0 ? `${known} Discord does not tell how many messages a channel holds.` : known
  return { atLeast: loads.requests, likely: unread > 0 ? null : loads.requests, basis, limits: loads.limits }
}
