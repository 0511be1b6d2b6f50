import { type Cursor, defineFeed, type Partition, type ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { GraphClient } from '../client.ts'
import { readChannel } from './channel_reader.ts'
import { lookAtChannel, lookAtTeam, serverTime } from './discovery.ts'
import { estimateMessages } from './estimate.ts'
import { EXPORT_CURSOR_VERSION } from './export_cursor.ts'
import { readExport, startOf } from './export_reader.ts'
import { fallback } from './fallback.ts'
import { handOver } from './hand_over.ts'
import { covers, discoverMessages, noteOn } from './read_modes.ts'
import { asRefusal } from './refusal.ts'

/**
 * Roots and replies of all channels: by the export, in windows of lastModifiedDateTime of a team, where a late reply
 * or an edit of an old message is simply a later time; or channel by channel, by delta or list. See `read_mode`.
 */
export const channelMessagesFeed = defineFeed<GraphClient>({
  name: 'channel_messages',
  tables: ['messages', 'message_replies'],
  kind: 'windowed',
  cursorVersion: EXPORT_CURSOR_VERSION,
  parallel: 48,
  until,
  discover: discoverMessages,
  look: (partition, args, again) => (isChannel(partition) ? lookAtChannel : lookAtTeam)(partition, args, again),
  cursorAt: (t, options) => ({ v: EXPORT_CURSOR_VERSION, s: startOf(options), t }),
  rootOf: (partition) => String(partition.team_id),
  covers,
  note: noteOn,
  fallback,
  ranged: ({ read_mode }) => read_mode !== 'delta' && read_mode !== 'list',
  estimate: estimateMessages,
  handOver,
  async *read(connection, partition, cursor, request) {
    const readPages = partition.read_mode === undefined || partition.read_mode === 'export' ? readExport : readChannel
    let at: Cursor | null = cursor
    try {
      for await (const page of readPages(connection, partition, cursor, request)) {
        at = page.cursor
        yield page
      }
    } catch (error) {
      const refused = asRefusal(error)
      if (refused === null) throw error
      yield { rows: new Map(), cursor: at ?? { v: EXPORT_CURSOR_VERSION }, complete: false, refused }
    }
  },
})

/** A channel that is read by itself because of the read mode, not of an option. */
const isChannel = ({ channel_id, within }: Partition) => channel_id !== undefined && within === undefined

/** The API's clock less settle_seconds, or end_date where that is earlier. */
async function until(args: ReadArgs<GraphClient>): Promise<Instant> {
  const settled = (await serverTime(args)) - Number(args.options.settle_seconds) * 1000
  const end = args.options.end_date
  return typeof end === 'number' ? Math.min(end, settled) : settled
}
