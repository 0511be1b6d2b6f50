import { discord } from '../../sources/discord/index.ts'
import { startDiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { conformance } from './suite.ts'

/** Tables whose partitions are channels: a server that is refused stands for its own. */
const OF_CHANNELS = new Set(['messages', 'message_reactions', 'attachments', 'pins'])

conformance('discord', async () => {
  const simulator = await startDiscordSimulator({
    throttle: 'off',
    dataset: {
      generated: { guilds: 3, channelsPerGuild: 2, messagesPerChannel: 60, threadsPerChannel: 2, members: 30 },
    },
  })
  const guilds = [...simulator.truth.guilds()].map(({ id }) => id)
  return {
    source: discord,
    connection: { ...simulator.connection },
    tableOptions: { page_size: '20', guild_id: guilds.join(',') },
    refuseOne: (table) => {
      const guild_id = guilds[1]!
      // Not by removing the bot: when it comes back it has another day of joining.
      const fault = { kind: 'status', status: 403, code: '50001' } as const
      simulator.setFaults({ rules: [{ path: `**/guilds/${guild_id}**`, fault }] })
      return {
        partition: OF_CHANNELS.has(table) ? `${guild_id}/guild` : guild_id,
        allow: () => simulator.setFaults(null),
      }
    },
    close: () => simulator.close(),
  }
})
