import type { Partition, ReadArgs, Refusal } from '../../libs/connect/feed.ts'
import { type ResolvedOptions, resolveOptions } from '../../libs/connect/options.ts'
import { Session } from '../../libs/connect/session.ts'
import type { PermissionCheck } from '../../libs/connect/source.ts'
import type { DiscordClient } from './client.ts'
import { HOLDS_MESSAGES } from './feeds/channel_types.ts'
import { channelsOf, standingIn } from './feeds/guild_view.ts'
import { CONTENT_REFUSED, type Intents, intentsOf, MEMBERS_REFUSED } from './feeds/intents.ts'
import { plannedGuilds } from './feeds/planned_guilds.ts'
import { asRefusal } from './feeds/refusal.ts'
import { refusalIn } from './feeds/rights.ts'
import { options } from './options.ts'

/** Guilds that are looked into. */
const MAX_GUILDS = 3
const OF_MESSAGES = ['messages', 'message_reactions', 'attachments'] as const

/**
 * Asks what the bot may do: its intents, and its permissions in the channels of the first guilds. A wrong token throws;
 * a missing permission is an answer.
 */
export async function check(
  connection: DiscordClient,
  _connectionOptions: ResolvedOptions,
  signal: AbortSignal,
): Promise<PermissionCheck[]> {
  const resolved = resolveOptions(options, {}, { scope: 'table', unknown: 'ignore' })
  const args = { connection, options: resolved, session: new Session(), signal }
  const intents = await intentsOf(args)
  const guilds = (await plannedGuilds(args)).partitions.slice(0, MAX_GUILDS)
  const listed = guilds.length === 0 ? NO_SERVER : await listsChannels(guilds, args)
  const history = listed.granted ? await readsHistory(guilds, args) : listed
  const ofGuild = (table: string) => ({ table, permission: 'member of the server', ...listed })
  return [
    ...['guilds', 'channels', 'threads', 'roles', 'emojis'].map(ofGuild),
    { table: 'members', permission: 'Server Members Intent', ...ofIntent(intents, 'guildMembers') },
    ...OF_MESSAGES.flatMap((table) => [
      { table, permission: 'Message Content Intent', ...ofIntent(intents, 'messageContent') },
      { table, permission: 'View Channel, Read Message History', ...history },
    ]),
    { table: 'pins', permission: 'View Channel, Read Message History', ...history },
  ]
}

type Answer = Pick<PermissionCheck, 'granted' | 'code' | 'message'>
type Args = ReadArgs<DiscordClient>

const granted: Answer = { granted: true }
const NO_SERVER: Answer = {
  granted: false,
  code: 'PARLEY_DISCORD_NO_SERVER',
  message: 'The bot is a member of no server: open its invite link, and choose one.',
}

/** Whether the channels of all these guilds are told; else why not. */
async function listsChannels(guilds: readonly Partition[], args: Args): Promise<Answer> {
  for (const { id } of guilds) {
    try {
      await channelsOf(id, args)
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal === null) throw error
      return { granted: false, code: refusal.code, message: refusal.message }
    }
  }
  return granted
}

/** One channel that the bot may read is enough; those that it may not are told of. Threads have the rights of their channel. */
async function readsHistory(guilds: readonly Partition[], args: Args): Promise<Answer> {
  let readable = 0
  const refused: Refusal[] = []
  for (const { id } of guilds) {
    const [channels, standing] = await Promise.all([channelsOf(id, args), standingIn(id, args)])
    const refusals = channels
      .filter(({ type }) => HOLDS_MESSAGES.has(type))
      .map((channel) => (standing === null ? null : refusalIn(standing, channel)))
    readable += refusals.filter((refusal) => refusal === null).length
    refused.push(...refusals.filter((refusal) => refusal !== null))
  }
  const [first] = refused
  if (first === undefined) return granted
  const others = refused.length - 1
  const too = others === 0 ? '' : others === 1 ? ' One other is refused too.' : ` ${others} others are refused too.`
  return { granted: readable > 0, code: first.code, message: `${first.message}${too}` }
}

function ofIntent(intents: Intents | null, name: keyof Intents): Answer {
  if (intents === null || intents[name]) return granted
  const { code, message } = name === 'guildMembers' ? MEMBERS_REFUSED : CONTENT_REFUSED
  return { granted: false, code, message }
}
