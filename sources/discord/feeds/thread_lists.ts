import pLimit from 'p-limit'
import { isPassingTrouble } from '../../../libs/connect/error.ts'
import type { ReadArgs, Refusal } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { ListTiedError } from '../errors/list_tied_error.ts'
import { type ArchivedThreads, archivedThreads, joinedThreads } from './archived_threads.ts'
import { channelsOf, standingIn } from './guild_view.ts'
import { type DiscordRow, isRow, rowsOf, textOf } from './json_rows.ts'
import type { Standing } from './permissions.ts'
import { asRefusal } from './refusal.ts'
import { mayManageThreads, refusalIn } from './rights.ts'

type Args = ReadArgs<DiscordClient>

/** Channels that can have threads: text, announcement, forum and media (reference §5). */
const PARENTS: ReadonlySet<unknown> = new Set([0, 5, 15, 16])
const TEXT = 0
const FORUMS: ReadonlySet<unknown> = new Set([15, 16])
/** Requests for lists of one guild at the same time. */
const DEFAULT_WORKERS = 10

export interface ThreadLists {
  /** By id, each as it was seen last. */
  threads: Map<string, DiscordRow>
  /** Channels whose archived threads nobody told of. */
  untold: { channel: DiscordRow; refusal: Refusal; failed: boolean }[]
}

/**
 * All threads of a guild that the bot may see, once a session. Active ones are listed before and after the archived:
 * a thread that is archived or opened in between is in one of the three (reference §5). @throws DiscordError
 */
export function threadsOf(guildId: string, args: Args): Promise<ThreadLists> {
  return args.session.once(`threads ${guildId}`, async () => {
    const lists: ThreadLists = { threads: new Map(), untold: [] }
    const [channels, standing, active] = await Promise.all([
      channelsOf(guildId, args),
      standingIn(guildId, args),
      activeThreads(guildId, args),
    ])
    note(lists, active)
    const limit = pLimit(args.workers ?? DEFAULT_WORKERS)
    const parents = channels.filter((channel) => PARENTS.has(channel.type))
    await Promise.all(parents.map((channel) => limit(() => listArchived(channel, standing, lists, args))))
    note(lists, await activeThreads(guildId, args))
    return lists
  })
}

async function activeThreads(guildId: string, { connection, signal }: Args): Promise<unknown[]> {
  const path = ['guilds', guildId, 'threads', 'active']
  return rowsOf((await connection.get(path, {}, { signal, expect: 'object' })).body, 'threads')
}

/** One channel that cannot be listed must not hide the others. */
async function listArchived(
  channel: DiscordRow,
  standing: Standing | null,
  lists: ThreadLists,
  args: Args,
): Promise<void> {
  const refusal = standing === null ? null : refusalIn(standing, channel)
  if (refusal !== null) {
    // A channel is refused by itself, and what is below it with it; a forum holds nothing but what is below it.
    if (FORUMS.has(channel.type)) lists.untold.push({ channel, refusal, failed: false })
    return
  }
  try {
    const open = await archivedThreads(channel, 'public', args)
    note(lists, open.threads)
    const hidden = channel.type === TEXT ? await privateThreads(channel, standing, args) : undefined
    note(lists, hidden?.threads ?? [])
    if (open.isTied || hidden?.isTied) throw new ListTiedError(String(channel.id))
  } catch (error) {
    args.signal.throwIfAborted()
    const refusal = asRefusal(error)
    const failed = refusal === null
    if (failed && !isPassingTrouble(error)) throw error
    const { code, message, remedy } = error as Refusal
    lists.untold.push({ channel, refusal: refusal ?? { code, message, remedy, status: 0 }, failed })
  }
}

/** All of them with Manage Threads; else those that the bot was added to. */
async function privateThreads(channel: DiscordRow, standing: Standing | null, args: Args): Promise<ArchivedThreads> {
  if (standing !== null && !mayManageThreads(standing, channel)) return joinedThreads(channel, args)
  try {
    return await archivedThreads(channel, 'private', args)
  } catch (error) {
    if (asRefusal(error)?.status !== 403) throw error
    return joinedThreads(channel, args)
  }
}

function note({ threads }: ThreadLists, rows: readonly unknown[]): void {
  for (const row of rows) {
    const id = textOf(row, 'id')
    if (id !== undefined && isRow(row)) threads.set(id, row)
  }
}
