import type { FeedRequest } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { DiscordClient, DiscordQuery } from '../client.ts'
import { compareSnowflakes, isSnowflake } from '../snowflake.ts'
import { rowsOf, textOf } from './json_rows.ts'
import { highestId } from './listed_pages.ts'

/** Messages of a channel behind an id, the oldest first. */
export interface MessagePage {
  /** In the order of their ids; those without a usable one at the end. */
  messages: unknown[]
  /** The ids of those that have one. */
  ids: string[]
  /** Fewer than were asked for. */
  isShort: boolean
  /** Discord's clock. */
  date: Instant | undefined
}

type Args = Pick<FeedRequest, 'signal'> & { connection: DiscordClient; channelId: string }

/**
 * The messages next to `after`. Discord sends the ones closest to it, newest first (reference §4); what does not lie
 * behind it, or comes twice, is left out.
 */
export async function messagesAfter(after: string, limit: number, args: Args): Promise<MessagePage> {
  const { body, date } = await list({ limit, after }, args)
  const received = rowsOf(body)
  const seen = new Set<string>()
  const usable: { id: string; message: unknown }[] = []
  const odd: unknown[] = []
  for (const message of received) {
    const id = textOf(message, 'id')
    if (!isSnowflake(id)) odd.push(message)
    else if (compareSnowflakes(id, after) > 0 && !seen.has(id)) {
      seen.add(id)
      usable.push({ id, message })
    }
  }
  usable.sort((a, b) => compareSnowflakes(a.id, b.id))
  return {
    messages: [...usable.map(({ message }) => message), ...odd],
    ids: usable.map(({ id }) => id),
    isShort: received.length < limit,
    date,
  }
}

/** The newest message of the channel, or of those older than `before`; undefined: the list is empty. */
export async function newestId(args: Args, before?: string): Promise<string | undefined> {
  const rows = rowsOf((await list({ limit: 1, before }, args)).body)
  return highestId(rows, (row) => textOf(row, 'id'))
}

function list(query: DiscordQuery, { connection, channelId, signal }: Args) {
  return connection.get(['channels', channelId, 'messages'], query, { signal, expect: 'array' })
}
