import type { ReadArgs } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { compareSnowflakes, isSnowflake } from '../snowflake.ts'
import { type DiscordRow, isRow, textOf } from './json_rows.ts'
import { allRows } from './listed_pages.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'signal'>

/** Most threads of a page (reference §3). */
const PAGE = 100

/**
 * How far pages overlap, in µs. `before` is exclusive, and nobody says how fine it is: by a millisecond first; where that
 * shows nothing new, as many threads were archived in one, by a microsecond; and past a whole page of one moment at last.
 */
const OVERLAPS = [1000, 1, 0] as const

/** Archived threads of a channel, by the time of their archiving, the newest first; threads can come twice. */
export function archivedThreads({ id }: DiscordRow, kind: 'public' | 'private', args: Args): Promise<unknown[]> {
  const seen = new Set<unknown>()
  let oldest = Number.POSITIVE_INFINITY
  let finer = 0
  const next = (rows: readonly unknown[], hasMore: boolean) => {
    const known = seen.size
    for (const row of rows) seen.add(textOf(row, 'id'))
    oldest = Math.min(oldest, ...rows.map(archivedAt))
    finer = seen.size > known ? 0 : finer + 1
    const overlap = OVERLAPS[finer]
    return hasMore && Number.isFinite(oldest) && overlap !== undefined ? formatMicros(oldest + overlap) : undefined
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

/** When the thread was archived, in µs; infinite where it does not say. */
function archivedAt(row: unknown): number {
  const text = textOf(isRow(row) ? row.thread_metadata : undefined, 'archive_timestamp') ?? ''
  const time = Date.parse(text)
  const micros = /\.\d{3}(\d{3})/.exec(text)?.[1] ?? 0
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time * 1000 + Number(micros)
}

function formatMicros(time: number): string {
  const micros = String(time % 1000).padStart(3, '0')
  return new Date(Math.floor(time / 1000)).toISOString().replace('Z', `${micros}Z`)
}
