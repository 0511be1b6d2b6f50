import pLimit from 'p-limit'
import type { ReadArgs, Refusal } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { ListTiedError } from '../errors/list_tied_error.ts'
import { type ArchivedThreads, archivedThreads, joinedThreads } from './archived_threads.ts'
import { FORUMS, HAS_PRIVATE_THREADS, MAY_HAVE_THREADS } from './channel_types.ts'
import { channelsOf, standingIn } from './guild_view.ts'
import { type DiscordRow, hasId, type IdRow, isRow, rowsOf } from './json_rows.ts'
import type { Standing } from './permissions.ts'
import { asRefusal, refusalOrTrouble } from './refusal.ts'
import { mayManageThreads, refusalIn } from './rights.ts'

type Args = ReadArgs<DiscordClient>

/** Requests for lists of one guild at the same time. */
const DEFAULT_WORKERS = 10

export interface ThreadLists {
  /** By id, each as it was seen last. */
  threads: Map<string, IdRow>
  /** Rows that lack an id, by their text: nobody can tell which threads they are, or read them. */
  nameless: Map<string, unknown>
  /** Channels whose archived threads nobody told of; `ofChannel`: as little as of what was written in it. */
  untold: { channel: DiscordRow; refusal: Refusal; failed: boolean; ofChannel?: boolean }[]
}

/**
 * All threads of a guild that the bot may see, once a session. Active ones are listed before and after the archived:
 * a thread that is archived or opened in between is in one of the three (reference §5). @throws DiscordError
 */
export function threadsOf(guildId: string, args: Args): Promise<ThreadLists> {
  return args.session.once(`threads ${guildId}`, async () => {
    const lists: ThreadLists = { threads: new Map(), nameless: new Map(), untold: [] }
    const [channels, standing, active] = await Promise.all([
      channelsOf(guildId, args),
      standingIn(guildId, args),
      activeThreads(guildId, args),
    ])
    note(lists, active)
    const limit = pLimit(args.workers ?? DEFAULT_WORKERS)
    const parents = channels.filter(hasId).filter(({ type }) => MAY_HAVE_THREADS.has(type))
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
    lists.untold.push({ channel, refusal, failed: false, ofChannel: !FORUMS.has(channel.type) })
    return
  }
  try {
    const open = await archivedThreads(channel, 'public', args)
    note(lists, open.threads)
    const hidden = HAS_PRIVATE_THREADS.has(channel.type) ? await privateThreads(channel, standing, args) : undefined
    note(lists, hidden?.threads ?? [])
    if (open.isTied || hidden?.isTied) throw new ListTiedError(String(channel.id))
  } catch (error) {
    lists.untold.push({ channel, ...refusalOrTrouble(error, args.signal) })
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

function note({ threads, nameless }: ThreadLists, rows: readonly unknown[]): void {
  for (const row of rows) {
    if (isRow(row) && hasId(row)) threads.set(row.id, row)
    else nameless.set(JSON.stringify(row), row)
  }
}
