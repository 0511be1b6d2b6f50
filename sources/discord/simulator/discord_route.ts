import type { Exchange, Reply, Route } from '../../../libs/simulator/exchange.ts'
import { botViewer, type Context, rememberChannel, rememberGuild } from './context.ts'
import { cloudflarePage, plainError, refuse } from './errors.ts'
import type { Channel } from './model.ts'
import { checkIds } from './params.ts'
import { throttle } from './rate_gate.ts'

export interface DiscordRoute {
  name: string
  pattern: string
  handle(exchange: Exchange): Reply
}

/**
 * A call behind the gate: Cloudflare, token, limits; what is in the path is looked up only when the request is let
 * through, so a refusal of access counts as a request like any other.
 */
export function discordRoute(context: Context, route: DiscordRoute): Route {
  return {
    name: route.name,
    method: 'GET',
    pattern: `/api/v10${route.pattern}`,
    admit: (exchange) => admit(context, route.name, exchange),
    handle: (exchange) => checkIds(exchange) ?? locate(context, exchange) ?? route.handle(exchange),
  }
}

function admit(context: Context, route: string, exchange: Exchange): Reply | undefined {
  const banned = context.cloudflare.admit(exchange.at)
  if (banned) return banned
  if (!/^DiscordBot \(/.test(exchange.headers['user-agent'] ?? ''))
    return cloudflarePage(403, 40_333, 'Sorry, you have been blocked')
  if (exchange.headers.authorization !== `Bot ${context.access.token}`) return { status: 401, body: plainError(401) }
  return throttle(context, route, exchange)
}

/** The 403/404 matrix of reference §9 for the guild or channel of the path. */
function locate(context: Context, exchange: Exchange): Reply | undefined {
  const { guild, channel } = exchange.params
  if (guild !== undefined) return locateGuild(context, exchange, guild)
  return channel === undefined ? undefined : locateChannel(context, exchange, channel)
}

/** A guild that the bot is not in is unknown itself (since 2023), and refused below. */
function locateGuild(context: Context, exchange: Exchange, id: string): Reply | undefined {
  const guild = context.world.guild(id)
  if (!guild) return refuse(10004)
  rememberGuild(exchange, guild)
  if (botViewer(context, guild).isMember) return undefined
  return exchange.path.endsWith(`/guilds/${id}`) ? refuse(10004) : refuse(50001)
}

function locateChannel(context: Context, exchange: Exchange, id: string): Reply | undefined {
  const channel: Channel | undefined = context.world.channel(id)
  if (!channel) return refuse(10003)
  rememberChannel(exchange, channel)
  return botViewer(context, channel.guild).sees(channel) ? undefined : refuse(50001)
}
