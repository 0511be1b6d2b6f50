import type { ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { channels } from '../tables/channels.ts'
import { channelsOf, ofServer } from './guild_view.ts'
import { lookAtGuild, plannedGuilds } from './planned_guilds.ts'
import { sightingOfChannel } from './refusal.ts'
import { defineSnapshotList } from './snapshot_list.ts'

/** Channels of guilds. The list leaves out those that the bot may not see (reference §5): each that is missing is asked for. */
export const channelsFeed = defineSnapshotList({
  table: channels,
  discover: plannedGuilds,
  look: lookAtGuild,
  refusalOf: ofServer,
  lookAtRow: (_, key, args) => lookAtChannel(key.id, args),
  async *pages({ guild_id }, args) {
    yield { rows: await channelsOf(String(guild_id), args), next: undefined }
  },
  pathOf: ({ guild_id }) => ['guilds', String(guild_id), 'channels'],
  added: (_, { guild_id }) => ({ guild_id: String(guild_id) }),
})

/** A row without an id in its key is nobody's to ask for, and stays. */
export async function lookAtChannel(id: string | undefined, args: ReadArgs<DiscordClient>): Promise<Sighting> {
  if (id === undefined) return { state: 'present' }
  return sightingOfChannel(args.connection.get(['channels', id], {}, { signal: args.signal }))
}
