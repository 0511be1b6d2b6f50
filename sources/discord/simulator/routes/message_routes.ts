import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { holdsMessages } from '../channel_kinds.ts'
import { botViewer, type Context, channelOf } from '../context.ts'
import { discordRoute } from '../discord_route.ts'
import { refuse } from '../errors.ts'
import { type Cursor, cutMessages, findMessage } from '../message_list.ts'
import type { Channel } from '../model.ts'
import { objectReply, rowsReply } from '../pages.ts'
import { Params } from '../params.ts'
import { renderMessage } from '../render/render_message.ts'
import { apiView } from '../render/view.ts'

/** Messages of a channel or thread, as lists and one by one. */
export function messageRoutes(context: Context): Route[] {
  return [
    discordRoute(context, {
      name: 'messages',
      pattern: '/channels/:channel/messages',
      handle: (exchange) => listMessages(context, exchange),
    }),
    discordRoute(context, {
      name: 'message',
      pattern: '/channels/:channel/messages/:message',
      handle: (exchange) => getMessage(context, exchange),
    }),
  ]
}

/** Newest first, whichever cursor there is (reference §4). */
function listMessages(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const params = new Params(exchange)
  const limit = params.integer('limit', { default: 50, min: 1, max: 100 })
  const cursor = readCursor(params)
  const refusal = params.refusal() ?? refuseAccess(context, channel)
  if (refusal) return refusal
  const view = apiView(context, exchange.origin)
  const render = (message: Channel['messages'][number]) => renderMessage(view, message)
  if (!botViewer(context, channel.guild).readsHistory(channel)) return rowsReply(exchange, { rows: [], render })
  const [from, to] = shorten(context, cursor, cutMessages(channel.messages, cursor, limit))
  return rowsReply(exchange, {
    rows: channel.messages.slice(from, to).reverse(),
    render,
    before: (count) => channel.messages.slice(Math.max(0, from - count), from).reverse(),
  })
}

/** Of the three only one may be there; which error that is nobody wrote down. */
function readCursor(params: Params): Cursor {
  const cursor: Cursor = {}
  for (const name of ['around', 'before', 'after'] as const) {
    const value = params.snowflake(name)
    if (value === undefined) continue
    const [other] = Object.keys(cursor)
    if (other === undefined) cursor[name] = value
    else params.fail(name, { code: 'MUTUALLY_EXCLUSIVE', message: `${other} and ${name} exclude each other.` })
  }
  return cursor
}

/** Fewer rows than there are, now and then: those furthest from the cursor stay out. */
function shorten(context: Context, cursor: Cursor, [from, to]: [number, number]): [number, number] {
  const { shortPages } = context.settings
  if (shortPages === 0 || to - from < 2 || context.random.next() >= shortPages) return [from, to]
  const kept = 1 + context.random.below(to - from - 1)
  return cursor.after === undefined ? [to - kept, to] : [from, from + kept]
}

/** Forums and categories hold no messages; voice needs CONNECT. */
export function refuseAccess(context: Context, channel: Channel): Reply | undefined {
  if (!holdsMessages(channel)) return refuse(50024)
  return botViewer(context, channel.guild).enters(channel) ? undefined : refuse(50001)
}

function getMessage(context: Context, exchange: Exchange): Reply {
  const channel = channelOf(exchange)
  const refusal = refuseAccess(context, channel) ?? refuseHistory(context, channel)
  if (refusal) return refusal
  const message = findMessage(channel.messages, exchange.params.message!)
  return message ? objectReply(exchange, renderMessage(apiView(context, exchange.origin), message)) : refuse(10008)
}

export function refuseHistory(context: Context, channel: Channel): Reply | undefined {
  return botViewer(context, channel.guild).readsHistory(channel) ? undefined : refuse(50013)
}
