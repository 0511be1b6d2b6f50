import { type Cursor, type Discovery, defineFeed, type ReadArgs } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { DiscordClient } from '../client.ts'
import { ChannelWalk } from './channel_walk.ts'
import { coversContainer, isContainer } from './container.ts'
import { discoverContainers } from './containers.ts'
import { estimateMessages } from './estimate.ts'
import { CONTENT_REFUSED, intentsOf } from './intents.ts'
import { lookAtContainer } from './look_at_container.ts'
import { MESSAGE_CURSOR_VERSION, planWalk, readAt } from './message_cursor.ts'
import { MESSAGE_TABLES } from './message_rows.ts'
import { asRefusal } from './refusal.ts'
import { serverTime } from './server_time.ts'

/** `Date` has whole seconds: a read takes what was written in the one it names, as far as it has come. */
const SECOND_MS = 1000

/**
 * Messages of channels and threads with their reactions and attachments. Ids are times, so a channel is read from where
 * the last read ended; edits and deletions show only in what is read again: the last `edit_rescan_window` before that.
 */
export const channelMessagesFeed = defineFeed<DiscordClient>({
  name: 'channel_messages',
  tables: MESSAGE_TABLES.map(({ name }) => name),
  kind: 'windowed',
  cursorVersion: MESSAGE_CURSOR_VERSION,
  parallel: 10,
  until,
  discover: discoverReadable,
  look: lookAtContainer,
  covers: coversContainer,
  isLeaf: isContainer,
  rootOf: ({ guild_id, id }) => String(guild_id ?? id),
  cursorAt: readAt,
  placeOf: ({ r: _, ...place }) => place,
  estimate: async (args) => estimateMessages(args),
  async *read(connection, partition, cursor, request) {
    // A guild or an archive that could not be told of, and can be now: its channels are partitions of their own.
    if (partition.channel_id === undefined) return
    const listed = typeof partition._last_message_id === 'string' ? partition._last_message_id : undefined
    const walk = planWalk(cursor, request.until, request.options, listed)
    if (walk === null) return
    let at: Cursor | null = cursor
    try {
      for await (const page of new ChannelWalk(connection, partition, walk, request).pages()) {
        at = page.cursor
        yield page
      }
    } catch (error) {
      const refused = asRefusal(error)
      if (refused === null) throw error
      yield { rows: new Map(), cursor: at ?? { v: MESSAGE_CURSOR_VERSION }, complete: false, refused }
    }
  },
})

/** Without the intent Discord blanks what messages say: then none of them is read. */
async function discoverReadable(args: ReadArgs<DiscordClient>): Promise<Discovery> {
  const [found, intents] = await Promise.all([discoverContainers(args), intentsOf(args)])
  if (intents?.messageContent !== false) return found
  const blanked = found.partitions.map((partition) => ({ partition, refusal: CONTENT_REFUSED }))
  return { ...found, partitions: [], refused: [...(found.refused ?? []), ...blanked] }
}

/** The API's clock less settle_seconds: what lies before end_date can be edited behind it. Where only times are kept, end_date. */
async function until(args: ReadArgs<DiscordClient>): Promise<Instant> {
  const settled = (await serverTime(args)) + SECOND_MS - Number(args.options.settle_seconds) * 1000
  const end = args.options.end_date
  return typeof end === 'number' && args.timesOnly === true ? Math.min(end, settled) : settled
}
