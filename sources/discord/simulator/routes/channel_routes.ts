import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { isThread } from '../channel_kinds.ts'
import { type Context, channelOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { objectReply } from '../pages.ts'
import { renderChannel, renderThreadMember } from '../render/render_channel.ts'

/** One channel or thread; a thread that the bot has joined says so. */
export function channelRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'channel',
      pattern: '/channels/:channel',
      handle: (exchange) => getChannel(context, exchange),
    }),
  ]
}

function getChannel(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const member = isThread(channel) ? renderThreadMember(channel, context.access.bot.id) : undefined
  return objectReply(exchange, { ...renderChannel(channel), ...(member ? { member } : {}) })
}
