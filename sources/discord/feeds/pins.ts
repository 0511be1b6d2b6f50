import type { ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { DiscordError } from '../errors/discord_error.ts'
import { pins } from '../tables/pins.ts'
import { coversContainer, discoverContainers, lookAtContainer } from './containers.ts'
import { isRow, textOf } from './json_rows.ts'
import { pagesOf } from './listed_pages.ts'
import { asRefusal } from './refusal.ts'
import { defineSnapshotList } from './snapshot_list.ts'

/** Most pins of a page (reference §3). */
const PAGE = 50
const UNKNOWN_MESSAGE = 10_008

/** Pinned messages, a list a channel or thread. */
export const pinsFeed = defineSnapshotList({
  table: pins,
  discover: discoverContainers,
  look: lookAtContainer,
  lookAtRow: lookAtPin,
  covers: coversContainer,
  async *pages({ channel_id, never_pinned }, args, start) {
    if (channel_id === undefined || never_pinned === true) return yield { rows: [], next: undefined }
    const next = (rows: readonly unknown[], hasMore: boolean) =>
      hasMore ? textOf(rows.at(-1), 'pinned_at') : undefined
    const path = ['channels', String(channel_id), 'messages', 'pins']
    yield* pagesOf({ path, query: { limit: PAGE }, from: 'before', key: 'items', next }, args, start)
  },
  pathOf: ({ channel_id }) => ['channels', String(channel_id), 'messages', 'pins'],
  added: (row, { guild_id, channel_id }) => ({
    guild_id: String(guild_id),
    channel_id: String(channel_id),
    message_id: textOf(isRow(row) ? row.message : undefined, 'id') ?? null,
  }),
})

/** Without the right to the history the list is empty (reference §3): a pin that is missing is asked for. */
async function lookAtPin(
  _: string,
  { channel_id, message_id }: Readonly<Record<string, string>>,
  { connection, signal }: ReadArgs<DiscordClient>,
): Promise<Sighting> {
  if (channel_id === undefined || message_id === undefined) return { state: 'present' }
  try {
    const { body } = await connection.get(['channels', channel_id, 'messages', message_id], {}, { signal })
    return isRow(body) && body.pinned === false ? { state: 'absent', status: 200 } : { state: 'present' }
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null) throw error
    const isUnknown = error instanceof DiscordError && error.discordCode === UNKNOWN_MESSAGE
    return isUnknown ? { state: 'absent', status: refusal.status } : { state: 'refused', refusal }
  }
}
