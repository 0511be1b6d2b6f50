import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { botViewer, type Context, channelOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import type { Channel, Message } from '../model.ts'
import { mayHaveMore, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderMessage } from '../render/render_message.ts'
import { apiView } from '../render/view.ts'
import { compareIds } from '../snowflake.ts'
import { formatMicros } from '../timestamps.ts'
import { refuseAccess } from './message_routes.ts'

const PAGE = 50

/** Pinned messages, the last pinned first. */
export function pinRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'pins',
      pattern: '/channels/:channel/messages/pins',
      handle: (exchange) => listPins(context, exchange),
    }),
    discordRoute(context, {
      name: 'pins_list',
      pattern: '/channels/:channel/pins',
      handle: (exchange) => listFirstPins(context, exchange),
    }),
  ]
}

function listPins(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: PAGE, min: 1, max: PAGE })
  const before = params.time('before')
  const refusal = params.refusal() ?? refuseAccess(context, channel)
  if (refusal) return refusal
  const view = apiView(context, exchange.origin)
  const all = shownPins(context, channel).filter(({ pinnedAt }) => before === undefined || pinnedAt < before)
  return rowsReply(exchange, {
    rows: all.slice(0, limit),
    render: (message) => ({ pinned_at: formatMicros(message.pinnedAt), message: renderMessage(view, message) }),
    envelope: { name: 'items', rest: { has_more: mayHaveMore(all, limit) } },
  })
}

/** The older call: fifty at most, and no page after them. */
function listFirstPins(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const refusal = refuseAccess(context, channel)
  if (refusal) return refusal
  const view = apiView(context, exchange.origin)
  const rows = shownPins(context, channel).slice(0, PAGE)
  return rowsReply(exchange, { rows, render: (message) => renderMessage(view, message) })
}

/** None for who may not read history, and no error. */
function shownPins(context: Context, channel: Channel): Message[] {
  return botViewer(context, channel.guild).readsHistory(channel) ? pinsOf(channel) : []
}

export function pinsOf(channel: Channel): Message[] {
  if (channel.lastPinAt === 0) return []
  return channel.messages
    .filter((message) => message.pinnedAt !== 0)
    .sort((a, b) => b.pinnedAt - a.pinnedAt || compareIds(b.id, a.id))
}
