import type { Discovery, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { members } from '../tables/members.ts'
import { intentsOf, MEMBERS_REFUSED } from './intents.ts'
import { isRow, textOf } from './json_rows.ts'
import { highestId, pagesOf } from './listed_pages.ts'
import { lookAtGuild, plannedGuilds } from './planned_guilds.ts'
import { sightingOf } from './refusal.ts'
import { defineSnapshotList } from './snapshot_list.ts'

/** Most members of a page (reference §3). */
const PAGE = 1000
const UNKNOWN_MEMBER = 10_007

const userIdOf = (row: unknown) => textOf(isRow(row) ? row.user : undefined, 'id')

/** Members of guilds in the order of their ids; there is no feed of changes (reference §6). */
export const membersFeed = defineSnapshotList({
  table: members,
  discover: discoverListed,
  look: lookAtGuild,
  lookAtRow: lookAtMember,
  byUser: true,
  pages: ({ guild_id }, args, start) =>
    pagesOf(
      {
        path: ['guilds', String(guild_id), 'members'],
        query: { limit: PAGE },
        from: 'after',
        // To an empty page: nobody promises that a short one is the last (reference §4).
        next: (rows) => highestId(rows, userIdOf),
      },
      args,
      start,
    ),
  pathOf: ({ guild_id }) => ['guilds', String(guild_id), 'members'],
  added: (row, { guild_id }) => ({ guild_id: String(guild_id), user_id: userIdOf(row) ?? null }),
})

/** Without the intent every list is refused, and refusals count (reference §8): then none is asked for. */
async function discoverListed(args: ReadArgs<DiscordClient>): Promise<Discovery> {
  const [guilds, intents] = await Promise.all([plannedGuilds(args), intentsOf(args)])
  if (intents?.guildMembers !== false) return guilds
  const refused = guilds.partitions.map((partition) => ({ partition, refusal: MEMBERS_REFUSED }))
  return { ...guilds, partitions: [], refused }
}

async function lookAtMember(
  _: string,
  { guild_id, user_id }: Readonly<Record<string, string>>,
  { connection, signal }: ReadArgs<DiscordClient>,
): Promise<Sighting> {
  if (guild_id === undefined || user_id === undefined) return { state: 'present' }
  return sightingOf(connection.get(['guilds', guild_id, 'members', user_id], {}, { signal }), UNKNOWN_MEMBER)
}
