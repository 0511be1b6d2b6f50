import type { ReadArgs } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { compareSnowflakes, isSnowflake } from '../snowflake.ts'
import { backInTime } from './back_in_time.ts'
import { type DiscordRow, isRow, textOf } from './json_rows.ts'
import { allRows } from './listed_pages.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'signal'>

/** Most threads of a page (reference §3). */
const PAGE = 100

export interface ArchivedThreads {
  /** They can come twice. */
  threads: unknown[]
  /** Of one moment there are more than a page holds: some may be missing. */
  isTied: boolean
}

/** Archived threads of a channel, by the time of their archiving, the newest first. */
export async function archivedThreads(
  { id }: DiscordRow,
  kind: 'public' | 'private',
  args: Args,
): Promise<ArchivedThreads> {
  let isTied = false
  const tie = () => {
    isTied = true
  }
  const next = backInTime(archivedAt, (row) => textOf(row, 'id'), PAGE, tie)
  const path = ['channels', String(id), 'threads', 'archived', kind]
  const threads = await allRows({ path, query: { limit: PAGE }, from: 'before', key: 'threads', next }, args)
  return { threads, isTied }
}

/** Archived private threads that the bot is in, by id, the newest first. */
export async function joinedThreads({ id }: DiscordRow, args: Args): Promise<ArchivedThreads> {
  const path = ['channels', String(id), 'users', '@me', 'threads', 'archived', 'private']
  const next = (rows: readonly unknown[], hasMore: boolean) => (hasMore ? lowestId(rows) : undefined)
  const threads = await allRows({ path, query: { limit: PAGE }, from: 'before', key: 'threads', next }, args)
  return { threads, isTied: false }
}

function lowestId(rows: readonly unknown[]): string | undefined {
  const ids = rows.map((row) => textOf(row, 'id')).filter(isSnowflake)
  return ids.toSorted(compareSnowflakes)[0]
}

const archivedAt = (row: unknown) => textOf(isRow(row) ? row.thread_metadata : undefined, 'archive_timestamp')
