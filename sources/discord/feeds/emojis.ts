import { emojis } from '../tables/emojis.ts'
import { ofServer } from './guild_view.ts'
import { rowsOf } from './json_rows.ts'
import { lookAtGuild, plannedGuilds } from './planned_guilds.ts'
import { defineSnapshotList } from './snapshot_list.ts'

/** Emojis of guilds: a list of one page. */
export const emojisFeed = defineSnapshotList({
  table: emojis,
  discover: plannedGuilds,
  look: lookAtGuild,
  refusalOf: ofServer,
  async *pages({ guild_id }, { connection, signal }) {
    const { body } = await connection.get(['guilds', String(guild_id), 'emojis'], {}, { signal, expect: 'array' })
    yield { rows: rowsOf(body), next: undefined }
  },
  pathOf: ({ guild_id }) => ['guilds', String(guild_id), 'emojis'],
  added: (_, { guild_id }) => ({ guild_id: String(guild_id) }),
})
