import type { Partition, ReadArgs, Refusal } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { standingNow } from './guild_view.ts'
import { isRow } from './json_rows.ts'
import { asRefusal } from './refusal.ts'
import { refusalIn } from './rights.ts'

type Args = Pick<ReadArgs<DiscordClient>, 'connection' | 'session' | 'signal'>

/**
 * What keeps the bot from reading a channel at this moment, or null. For an answer that is empty: without the right to
 * the history a channel looks as if everything in it had been deleted.
 */
export async function rightsNow(partition: Partition, args: Args): Promise<Refusal | null> {
  const { connection, signal } = args
  const get = async (id: string) => (await connection.get(['channels', id], {}, { signal, expect: 'object' })).body
  try {
    const own = await get(String(partition.channel_id))
    // Threads have the rights of their channel.
    const ruling = partition.below === undefined ? own : await get(partition.below)
    const standing = await standingNow(String(partition.guild_id), args)
    if (standing === null || !isRow(ruling)) return UNKNOWN
    return refusalIn(standing, ruling)
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null) throw error
    return refusal
  }
}

/** Nobody says what the bot may do: then an empty channel is not believed. */
const UNKNOWN: Refusal = {
  code: 'PARLEY_DISCORD_PERMISSION_MISSING',
  status: 403,
  message: 'The channel shows no messages any more, and Discord does not tell what the bot may do there.',
  remedy: 'Give the role of the bot View Channel and Read Message History in this channel.',
}
