import { type Cursor, defineFeed, type ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { GraphClient } from '../client.ts'
import { discoverTeams, lookAtTeam, serverTime } from './discovery.ts'
import { EXPORT_CURSOR_VERSION } from './export_cursor.ts'
import { readExport, startOf } from './export_reader.ts'
import { asRefusal } from './refusal.ts'

/**
 * Roots and replies of all channels of a team by the export API, in windows of lastModifiedDateTime.
 * The cursor is a window's end, so a late reply or an edit of an old message is simply a later time.
 */
export const channelMessagesFeed = defineFeed<GraphClient>({
  name: 'channel_messages',
  tables: ['messages', 'message_replies'],
  kind: 'windowed',
  cursorVersion: EXPORT_CURSOR_VERSION,
  until,
  discover: discoverTeams,
  look: lookAtTeam,
  cursorAt: (t, options) => ({ v: EXPORT_CURSOR_VERSION, s: startOf(options), t }),
  async *read(connection, partition, cursor, request) {
    let at: Cursor | null = cursor
    try {
      for await (const page of readExport(connection, partition, cursor, request)) {
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

/** The API's clock less settle_seconds, or end_date where that is earlier. */
async function until(args: ReadArgs<GraphClient>): Promise<Instant> {
  const settled = (await serverTime(args)) - Number(args.options.settle_seconds) * 1000
  const end = args.options.end_date
  return typeof end === 'number' ? Math.min(end, settled) : settled
}
