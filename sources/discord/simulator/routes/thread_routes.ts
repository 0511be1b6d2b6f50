import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { isThread, parentsThreads } from '../channel_kinds.ts'
import { botViewer, type Context, channelOf, guildOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import { listedIn, threadsListed } from '../listed_threads.ts'
import type { Channel, Thread } from '../model.ts'
import { mayHaveMore, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { BIT } from '../permissions.ts'
import { renderChannel, renderThreadMember } from '../render/render_channel.ts'
import { compareIds, timeOfId } from '../snowflake.ts'
import { isPrivate } from '../thread_lists.ts'

type ThreadChannel = Channel & { thread: Thread }

/** Which threads there are: active ones of a guild, archived ones of a channel. */
export function threadRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'active_threads',
      pattern: '/guilds/:guild/threads/active',
      handle: (exchange) => listActive(context, exchange),
    }),
    discordRoute(context, {
      name: 'archived_public',
      pattern: '/channels/:channel/threads/archived/public',
      handle: (exchange) => listArchived(context, exchange, false),
    }),
    discordRoute(context, {
      name: 'archived_private',
      pattern: '/channels/:channel/threads/archived/private',
      handle: (exchange) => listArchived(context, exchange, true),
    }),
    discordRoute(context, {
      name: 'archived_joined',
      pattern: '/channels/:channel/users/@me/threads/archived/private',
      handle: (exchange) => listJoined(context, exchange),
    }),
  ]
}

/** All at once, newest thread first. */
function listActive(context: Context, exchange: Exchange): Reply {
  const guild = guildOf(exchange)
  const viewer = botViewer(context, guild)
  const rows = guild.threads
    .filter(isThread)
    .filter((channel) => listedIn(context, channel) === 'active' && viewer.sees(channel))
    .sort((a, b) => compareIds(b.id, a.id))
  return threadsReply(context, exchange, rows, false)
}

/** By archive_timestamp, newest first; `before` is a time, and exclusive, so ties on it are passed over. */
function listArchived(context: Context, exchange: Exchange, wanted: boolean): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 50, min: 2, max: 100 })
  const before = params.time('before')
  const refusal = params.refusal() ?? refuseList(context, channel, wanted ? BIT.MANAGE_THREADS : 0n)
  if (refusal) return refusal
  if (before !== undefined && before < timeOfId(channel.id) * 1000) return refuse(50085)
  const all = threadsListed(context, channel)
    .filter((thread) => isPrivate(thread) === wanted)
    .filter(({ thread }) => before === undefined || thread.archiveTimestamp < before)
  return threadsReply(context, exchange, all.slice(0, limit), mayHaveMore(all, limit))
}

/** Private ones that the bot is in, newest thread first; here `before` is an id. */
function listJoined(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 50, min: 2, max: 100 })
  const before = params.snowflake('before')
  const refusal = params.refusal() ?? refuseList(context, channel, 0n)
  if (refusal) return refusal
  const all = threadsListed(context, channel)
    .filter((thread) => isPrivate(thread) && thread.thread.members.has(context.access.bot.id))
    .filter((thread) => before === undefined || compareIds(thread.id, before) < 0)
    .sort((a, b) => compareIds(b.id, a.id))
  return threadsReply(context, exchange, all.slice(0, limit), mayHaveMore(all, limit))
}

export function refuseList(context: Context, channel: Channel, bits: bigint): Reply | undefined {
  if (!parentsThreads(channel)) return refuse(50024)
  return botViewer(context, channel.guild).may(channel, BIT.READ_MESSAGE_HISTORY | bits) ? undefined : refuse(50013)
}

/** Threads, and what the bot is in those that it has joined. */
export function threadsReply(
  context: Context,
  exchange: Exchange,
  rows: readonly ThreadChannel[],
  has_more: boolean,
  more: JsonObject = {},
): Reply {
  const members = rows.flatMap((thread) => renderThreadMember(thread, context.access.bot.id) ?? [])
  return rowsReply(exchange, {
    rows,
    render: renderChannel,
    envelope: { name: 'threads', rest: { members, has_more, ...more } },
  })
}
