import type { Partition, RefusedPartition } from '../../../libs/connect/feed.ts'
import { listIncomplete } from '../../../libs/connect/list_incomplete.ts'
import { THREADS } from './channel_types.ts'
import { type DiscordRow, type IdRow, textOf } from './json_rows.ts'
import { guildPartition } from './planned_guilds.ts'
import type { ThreadLists } from './thread_lists.ts'

/** Channels whose archived threads nobody told of, each as a partition that stands for them. */
export function untoldArchives(guildId: string, { untold }: Pick<ThreadLists, 'untold'>): RefusedPartition[] {
  return untold.map(({ channel, refusal, failed }) => {
    const archive_of = String(channel.id)
    return { partition: { id: `${archive_of}/archived`, guild_id: guildId, archive_of }, refusal, failed }
  })
}

/** A guild as what stands for its channels: an old one has a channel of its own id. */
export function guildLine(guild: Partition): Partition {
  return { ...guild, id: `${guild.guild_id}/guild` }
}

/** A guild some of whose channels or threads are listed without an id: the others are read. */
export function namelessIn(guildId: string, channels: number, threads: number): RefusedPartition[] {
  if (channels + threads === 0) return []
  const refusal = channels > 0 ? listIncomplete('channel', channels) : listIncomplete('thread', threads)
  return [{ partition: guildLine(guildPartition(guildId)), refusal, failed: true, partly: true }]
}

/** @param above the channel or category that it is in, where that is known */
export function partitionOf(guildId: string, row: IdRow, above?: DiscordRow): Partition {
  const { id } = row
  const last = textOf(row, 'last_message_id')
  const isThread = THREADS.has(row.type)
  const parent = isThread ? textOf(row, 'parent_id') : undefined
  const category = textOf(isThread ? above : row, 'parent_id')
  return {
    id,
    guild_id: guildId,
    channel_id: id,
    ...(parent === undefined ? {} : { below: parent }),
    // An option may name the category: nobody can tell any more what it held once that is deleted.
    ...(category === undefined ? {} : { category }),
    ...(last === undefined ? {} : { _last_message_id: last }),
    ...pinsOf(row, isThread),
  }
}

/** Threads by the thousand: those in which nothing was ever pinned are not asked for pins. Where something was, an empty list is doubted. */
function pinsOf(row: DiscordRow, isThread: boolean) {
  if (textOf(row, 'last_pin_timestamp') !== undefined) return { _was_pinned: true }
  return isThread ? { _never_pinned: true } : {}
}

export const isContainer = ({ channel_id }: Partition) => channel_id !== undefined

/** Lists that are narrowed to some channels (`_part`) tell of the archives of those alone. */
function tellsOf({ _part, id, below }: Partition, { archive_of }: Partition): boolean {
  return _part !== true || archive_of === undefined || archive_of === below || archive_of === id
}

/** A refused guild stands for all its channels, a channel's archive for its threads, and any channel read for both. */
export function coversContainer(by: Partition, known: Partition): boolean {
  if (by.guild_id !== known.guild_id) return false
  if (!isContainer(known)) return isContainer(by) ? tellsOf(by, known) : by.archive_of === undefined
  if (isContainer(by)) return false
  return by.archive_of === undefined || by.archive_of === known.below
}
