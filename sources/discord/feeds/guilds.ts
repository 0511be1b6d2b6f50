import { guilds } from '../tables/guilds.ts'
import { guildRow, ofServer } from './guild_view.ts'
import { lookAtGuild, plannedGuilds } from './planned_guilds.ts'
import { defineSnapshotList } from './snapshot_list.ts'

/** Guilds with their settings, one request each: the bot's own list tells little of them (reference §3). */
export const guildsFeed = defineSnapshotList({
  table: guilds,
  discover: plannedGuilds,
  look: lookAtGuild,
  refusalOf: ofServer,
  async *pages({ guild_id }, args) {
    yield { rows: [await guildRow(String(guild_id), args)], next: undefined }
  },
  pathOf: ({ guild_id }) => ['guilds', String(guild_id)],
  added: () => ({}),
})
