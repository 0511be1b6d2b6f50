import type { ReadArgs, Refusal, RefusedPartition } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { type DiscordRow, isRow, textOf } from './json_rows.ts'
import { isUnknownChannel, refusalOrTrouble } from './refusal.ts'

export interface AskedChannels {
  /** Guilds of the channels that answered. */
  guilds: string[]
  /** The channels themselves. */
  alone: DiscordRow[]
  refused: RefusedPartition[]
}

/** Direct messages and groups, which hold only what was written to the bot. */
const NO_GUILD: Refusal = {
  code: 'PARLEY_DISCORD_NO_GUILD_CHANNEL',
  status: 200,
  message: 'This is no channel of a server; others are not read.',
  remedy: 'Leave its id out of channel_id.',
}

/** Asks for channels and threads that an option names, to learn which guilds they are in. */
export async function askedChannels(ids: readonly string[], args: ReadArgs<DiscordClient>): Promise<AskedChannels> {
  const { connection, session, signal } = args
  const asked: AskedChannels = { guilds: [], alone: [], refused: [] }
  for (const id of new Set(ids)) {
    try {
      const get = () => connection.get(['channels', id], {}, { signal, expect: 'object' })
      const { body } = await session.once(`channel ${id}`, get)
      const guildId = textOf(body, 'guild_id')
      if (guildId === undefined || !isRow(body)) {
        asked.refused.push({ partition: { id, channel_id: id, asked: true }, refusal: NO_GUILD })
        continue
      }
      asked.alone.push(body)
      if (!asked.guilds.includes(guildId)) asked.guilds.push(guildId)
    } catch (error) {
      const answer = refusalOrTrouble(error, signal)
      const absent = isUnknownChannel(error)
      asked.refused.push({ partition: { id, channel_id: id, asked: true }, ...answer, ...(absent ? { absent } : {}) })
    }
  }
  return asked
}
