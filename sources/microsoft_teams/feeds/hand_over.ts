import type { Cursor, CursorOf, Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import type { GraphClient } from '../client.ts'
import { type ChannelCursor, parseChannelCursor } from './channel_cursor.ts'
import { parseExportCursor, seenUntil } from './export_cursor.ts'
import { isShared } from './read_modes.ts'
import { channelsOf } from './team_channels.ts'

/**
 * Where a partition begins that this way of reading has not read before: at the time up to which the other way has.
 * Each way keeps its own cursor, so that going back re-reads the time between, and loses none of it.
 */
export async function handOver(
  partition: Partition,
  cursorOf: CursorOf,
  args: ReadArgs<GraphClient>,
): Promise<Cursor | null> {
  if (partition.channel_id === undefined) return fromChannels(String(partition.team_id), cursorOf, args)
  return partition.shared === true ? null : fromTeam(cursorOf(String(partition.team_id)))
}

function fromTeam(cursor: Cursor | null): Cursor | null {
  if (cursor === null) return null
  const team = parseExportCursor(cursor)
  return { v: 2, s: team.s, t: seenUntil(team) }
}

/** A team may begin where its channels are, if each of them was read, or is younger than that. */
async function fromChannels(teamId: string, cursorOf: CursorOf, args: ReadArgs<GraphClient>): Promise<Cursor | null> {
  // Only `auto` changes its mind by itself, and has listed the channels already.
  if (args.options.read_mode !== 'auto') return null
  const { channels, nameless } = await channelsOf(teamId, args).catch(() => ({ channels: [], nameless: 0 }))
  // A channel that nobody can name may be one that was never read.
  if (nameless > 0) return null
  const exported = channels.filter((channel) => !isShared(channel))
  const cursors = new Map<string, ChannelCursor>()
  for (const { id } of exported) {
    const cursor = cursorOf(`${teamId}/${id}`)
    if (cursor !== null) cursors.set(id, parseChannelCursor(cursor))
  }
  const read = [...cursors.values()]
  if (read.length === 0 || read.some(({ t }) => t === null)) return null
  const t = Math.min(...read.map((cursor) => cursor.t!))
  const isRead = exported.every(({ id, created }) => cursors.has(id) || (created !== null && created >= t))
  return isRead ? { v: 2, s: Math.max(...read.map(({ s }) => s)), t } : null
}
