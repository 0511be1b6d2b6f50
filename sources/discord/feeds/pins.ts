import type { Partition, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { DiscordError } from '../errors/discord_error.ts'
import { pins } from '../tables/pins.ts'
import { backInTime } from './back_in_time.ts'
import { coversContainer, isContainer } from './container.ts'
import { discoverContainers } from './containers.ts'
import { isRow, textOf } from './json_rows.ts'
import { pagesOf } from './listed_pages.ts'
import { lookAtContainer } from './look_at_container.ts'
import { asRefusal } from './refusal.ts'
import { rightsNow } from './rights_now.ts'
import { defineSnapshotList, type ListArgs, type SnapshotPage } from './snapshot_list.ts'

/** Most pins of a page (reference §3). */
const PAGE = 50
const UNKNOWN_MESSAGE = 10_008

const messageIdOf = (pin: unknown) => textOf(isRow(pin) ? pin.message : undefined, 'id')

/** Pinned messages, a list a channel or thread. */
export const pinsFeed = defineSnapshotList({
  table: pins,
  discover: discoverContainers,
  look: lookAtContainer,
  lookAtRow: lookAtPin,
  covers: coversContainer,
  isLeaf: isContainer,
  pages: pinPages,
  pathOf: ({ channel_id, _never_pinned }) =>
    channel_id === undefined || _never_pinned === true ? null : ['channels', String(channel_id), 'messages', 'pins'],
  added: (row, { guild_id, channel_id }) => ({
    guild_id: String(guild_id),
    channel_id: String(channel_id),
    message_id: messageIdOf(row) ?? null,
  }),
})

/** Without the right to the history the list is empty (reference §3): where something was pinned once, that is excluded. */
async function* pinPages(
  partition: Partition,
  args: ListArgs,
  start: string | undefined,
): AsyncGenerator<SnapshotPage> {
  const { channel_id, _never_pinned, _was_pinned } = partition
  if (channel_id === undefined || _never_pinned === true) return yield { rows: [], next: undefined }
  const path = ['channels', String(channel_id), 'messages', 'pins']
  const list = () => {
    const next = backInTime((pin) => textOf(pin, 'pinned_at'), messageIdOf, PAGE)
    return pagesOf({ path, query: { limit: PAGE }, from: 'before', key: 'items', next }, args, start)
  }
  let isDoubted = start === undefined && _was_pinned === true
  for await (const page of list()) {
    if (isDoubted && page.rows.length === 0) {
      const refused = await rightsNow(partition, args)
      // The right can have come back after the first look: only an answer that was given with it counts.
      if (refused === null) yield* list()
      else yield { ...page, refused }
      return
    }
    isDoubted = false
    yield page
  }
}

/** A pin that is missing is asked for: the right can be withdrawn at any time. */
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
