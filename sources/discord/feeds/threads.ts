import type { Discovery, ReadArgs } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { threads } from '../tables/threads.ts'
import { lookAtChannel } from './channels.ts'
import { coversContainer, isContainer, untoldArchives } from './container.ts'
import { whereTold } from './containers.ts'
import { lookAtGuild, plannedGuilds } from './planned_guilds.ts'
import { defineSnapshotList } from './snapshot_list.ts'
import { threadsOf } from './thread_lists.ts'

/** Threads of guilds, active and archived, once a session for this table and for the messages. */
export const threadsFeed = defineSnapshotList({
  table: threads,
  discover: discoverThreads,
  look: lookAtGuild,
  lookAtRow: (_, key, args) => lookAtChannel(key.id, args),
  covers: coversContainer,
  isLeaf: isContainer,
  async *pages({ guild_id }, args) {
    const { threads, nameless, untold } = await threadsOf(String(guild_id), args)
    // Those without an id are kept aside, by the encoder.
    yield { rows: [...threads.values(), ...nameless.values()], next: undefined, narrowed: untold.length > 0 }
  },
  pathOf: ({ guild_id }) => ['guilds', String(guild_id), 'threads', 'active'],
  added: (_, { guild_id }) => ({ guild_id: String(guild_id) }),
})

/** The guilds, and the channels whose archives nobody tells. */
async function discoverThreads(args: ReadArgs<DiscordClient>): Promise<Discovery> {
  const guilds = await plannedGuilds(args)
  const found = await Promise.all(
    guilds.partitions.map((guild) =>
      whereTold(guild, args, async (guildId) => ({
        partitions: [guild],
        refused: untoldArchives(guildId, await threadsOf(guildId, args)),
      })),
    ),
  )
  return {
    partitions: found.flatMap(({ partitions }) => partitions),
    complete: guilds.complete,
    refused: found.flatMap(({ refused }) => refused),
  }
}
