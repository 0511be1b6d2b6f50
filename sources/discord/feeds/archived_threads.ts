import type { ReadArgs } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { compareSnowflakes, isSnowflake } from '../snowflake.ts'
import { type DiscordRow, isRow, textOf } from './json_rows.ts'
import { allRows } from './listed_pages.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'signal'>

/** Most threads of a page (reference §3). */
const PAGE = 100

/**
 * Archived threads of a channel, by the time of their archiving, the newest first. Several can have been archived in the
 * same moment, and `before` is exclusive: pages overlap by a millisecond, and whoever takes them takes a thread once.
 */
export function archivedThreads({ id }: DiscordRow, kind: 'public' | 'private', args: Args): Promise<unknown[]> {
  const seen = new Set<unknown>()
  const next = (rows: readonly unknown[], hasMore: boolean) => {
    const known = seen.size
    for (const row of rows) seen.add(textOf(row, 'id'))
    const oldest = Math.min(...rows.map(archivedAt))
    if (!hasMore || !Number.isFinite(oldest)) return undefined
    // A page that shows nothing new is full of threads of one moment: past it, though it may hide more of them.
    return new Date(seen.size > known ? oldest + 1 : oldest).toISOString()
  }
  const path = ['channels', String(id), 'threads', 'archived', kind]
  return allRows({ path, query: { limit: PAGE }, from: 'before', key: 'threads', next }, args)
}

/** Archived private threads that the bot is in, by id, the newest first. */
export function joinedThreads({ id }: DiscordRow, args: Args): Promise<unknown[]> {
  const path = ['channels', String(id), 'users', '@me', 'threads', 'archived', 'private']
  const next = (rows: readonly unknown[], hasMore: boolean) => (hasMore ? lowestId(rows) : undefined)
  return allRows({ path, query: { limit: PAGE }, from: 'before', key: 'threads', next }, args)
}

function lowestId(rows: readonly unknown[]): string | undefined {
  const ids = rows.map((row) => textOf(row, 'id')).filter(isSnowflake)
  return ids.toSorted(compareSnowflakes)[0]
}

/** When the thread was archived, in ms; infinite where it does not say. */
function archivedAt(row: unknown): number {
  const time = Date.parse(textOf(isRow(row) ? row.thread_metadata : undefined, 'archive_timestamp') ?? '')
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time
}
