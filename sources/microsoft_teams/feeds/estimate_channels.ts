import pLimit from 'p-limit'
import type { EstimateArgs, FeedEstimate, PlannedRead } from '../../../libs/connect/estimate.ts'
import type { FeedRequest } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { LoadSum } from '../../../libs/http/load_sum.ts'
import { plural } from '../../../libs/observe/format.ts'
import type { GraphClient } from '../client.ts'
import { ChannelPages } from './channel_pages.ts'
import { spread } from './estimate_export.ts'
import { bucketsOf } from './estimate_lists.ts'
import { createdOf, isRow } from './graph_page.ts'
import { asRefusal } from './refusal.ts'
import { channelsOf } from './team_channels.ts'

type Args = EstimateArgs<GraphClient>

/** Channels of which one page is asked for. */
const SAMPLED_CHANNELS = 10
/** Threads on that page: with all their replies they can be large. */
const SAMPLED_THREADS = 20

/** What reading channels by delta or list costs: one conversation a second each. */
export async function estimateChannels(reads: readonly PlannedRead[], args: Args): Promise<FeedEstimate> {
  const whole = reads.filter(isReadWhole)
  const picked = args.sample ? spread(whole, SAMPLED_CHANNELS) : []
  const limit = pLimit(SAMPLED_CHANNELS)
  const pages = await Promise.all(picked.map((read) => limit(() => countPages(read, args))))
  const counted = new Map(
    picked.map((read, index) => [read, pages[index]!]).filter(([, count]) => count !== null) as [PlannedRead, number][],
  )
  const mean = [...counted.values()].reduce((sum, count) => sum + count, 0) / counted.size
  const loads = new LoadSum()
  for (const read of reads) {
    const guess = isReadWhole(read) && counted.size > 0 ? (counted.get(read) ?? mean) : 1
    const { team_id, channel_id } = read.partition
    loads.add(bucketsOf({ kind: 'channel_messages', teamId: String(team_id), channelId: String(channel_id) }), guess)
  }
  const isGuessed = whole.length === 0 || counted.size > 0
  const basis =
    whole.length === 0
      ? 'Channels that go on take one request each if little has changed.'
      : `An estimate: ${counted.size} of ${plural(whole.length, 'channel')} that are read whole were reckoned from one page and their age. Threads of more than 1,000 replies take more.`
  return { atLeast: reads.length, likely: isGuessed ? Math.round(loads.requests) : null, basis, limits: loads.limits }
}

/** A list is walked whole every time. */
const isReadWhole = ({ cursor, partition }: PlannedRead) => cursor === null || partition.read_mode === 'list'

/** Null where the channel may not be read. */
async function countPages(read: PlannedRead, args: Args): Promise<number | null> {
  const { connection, session, until, options, signal } = args
  const { partition } = read
  const pageSize = Number(options.page_size)
  const sampled = { ...options, page_size: Math.min(pageSize, SAMPLED_THREADS) }
  const request: FeedRequest = { tables: new Set(), session, until, options: sampled, signal }
  try {
    const { rows, next } = await new ChannelPages(connection, partition, request).list()
    if (next === undefined) return 1
    const times = rows.filter(isRow).map(createdOf).filter(Number.isFinite)
    const first = (await createdAt(partition.channel_id, String(partition.team_id), args)) ?? Math.min(...times)
    const span = Math.max(1, Math.max(...times) - Math.min(...times))
    // As if the channel had always been as lively as this page shows it.
    return Math.max(1, Math.ceil((((until - first) / span) * rows.length) / pageSize))
  } catch (error) {
    if (asRefusal(error) === null) throw error
    return null
  }
}

/** Planning has listed the team's channels already. */
async function createdAt(channelId: unknown, teamId: string, args: Args): Promise<Instant | null> {
  const { channels } = await channelsOf(teamId, args)
  return channels.find(({ id }) => id === channelId)?.created ?? null
}
