import type { Discovery, Partition, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { textOf } from './json_rows.ts'
import { allRows, highestId, type PagedList } from './listed_pages.ts'
import { sightingOf } from './refusal.ts'

type Args = ReadArgs<DiscordClient>

/** Most guilds that a page of the list has (reference §3). */
const PAGE = 200
const UNKNOWN_GUILD = 10_004

/** One partition a guild: those that guild_id names, else every one the bot is a member of. */
export async function plannedGuilds(args: Args): Promise<Discovery> {
  const asked = args.options.guild_id as string[] | undefined
  if (asked === undefined) return { partitions: (await listedGuilds(args)).map(guildPartition), complete: true }
  return { partitions: asked.map((id) => ({ ...guildPartition(id), asked: true })), complete: false }
}

export function guildPartition(guildId: string): Partition {
  return { id: guildId, guild_id: guildId }
}

/** Ids of the bot's guilds, listed once a session. */
function listedGuilds(args: Args): Promise<string[]> {
  const idOf = (row: unknown) => textOf(row, 'id')
  const list: PagedList = {
    path: ['users', '@me', 'guilds'],
    query: { limit: PAGE },
    from: 'after',
    // To an empty page: nobody promises that a short one is the last (reference §4).
    next: (rows) => highestId(rows, idOf),
  }
  return args.session.once('guilds', async () => {
    const rows = await allRows(list, args)
    return [...new Set(rows.map(idOf).filter((id) => id !== undefined))]
  })
}

/**
 * Asks for the guild itself. Some guilds have answered 10004 for days while their channels could be listed
 * (reference §9), so only both say that it is not there; a bot that was removed is told 50001 for the list, and refused.
 */
export async function lookAtGuild({ guild_id }: Partition, args: Args): Promise<Sighting> {
  const guildId = String(guild_id)
  const { connection, session, signal } = args
  return session.once(`look guild ${guildId}`, async () => {
    const ask = (path: string[]) => sightingOf(connection.get(path, {}, { signal }), UNKNOWN_GUILD)
    const sighting = await ask(['guilds', guildId])
    return sighting.state === 'present' ? sighting : ask(['guilds', guildId, 'channels'])
  })
}
