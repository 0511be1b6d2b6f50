import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { type Context, preferences } from '../context.ts'
import { badRequest, refuse } from '../errors.ts'
import { channelOf, graphRoute } from '../graph_route.ts'
import type { Channel, Message } from '../model.ts'
import { option, readTop, unsupportedOption } from '../odata.ts'
import { pageReply, readPosition } from '../page_reply.ts'
import { listToken, readListToken } from '../page_tokens.ts'
import { renderMessage } from '../render_message.ts'
import { renderThread } from '../render_thread.ts'
import { replyRoutes } from './reply_routes.ts'

/** Messages of one channel, as lists and one by one. */
export function messageRoutes(context: Context): Route[] {
  const base = '/teams/:team/channels/:channel/messages'
  return [
    graphRoute(context, {
      name: 'channel_messages',
      pattern: base,
      handle: (exchange) => listRoots(context, exchange),
    }),
    graphRoute(context, {
      name: 'message',
      pattern: `${base}/:message`,
      handle: (exchange) => getMessage(context, exchange),
    }),
    ...replyRoutes(context),
  ]
}

/** Roots, newest thread first: a new reply moves its thread to the front, also under somebody who walks. */
function listRoots(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['top', 'expand', 'skiptoken'])
  if (unsupported) return badRequest(exchange, unsupported)
  const expand = option(exchange, 'expand')
  if (expand !== undefined && expand !== 'replies')
    return badRequest(exchange, `Parameter 'Expand' not supported for '${expand}'.`)
  const { pageSize, pageSizeMax } = context.settings
  const channel = channelOf(context, exchange)
  if (!channel) return refuse(exchange, 404)
  const place = readPosition(context, exchange, channel.id, readListToken)
  if ('status' in place) return place
  const asked = readTop(exchange, place.top || pageSize, pageSizeMax)
  if (typeof asked === 'string') return badRequest(exchange, asked)
  const withReplies = place.expand === true || expand === 'replies'
  const options = { ...preferences(exchange), replies: withReplies }
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#teams('${channel.team.id}')/channels('${channel.urlId}')/messages`,
    items: context.tenant.threads(channel),
    position: place.position,
    top: asked,
    render: (root) => renderThread(context, exchange, root, options),
    link: (position, nonce) => {
      const token = listToken({
        list: channel.id,
        position,
        issuedAt: exchange.at,
        top: asked,
        expand: withReplies,
        nonce,
      })
      const path = `/teams/${channel.team.id}/channels/${channel.id}/messages`
      return `${exchange.origin}/v1.0${path}?$skiptoken=${encodeURIComponent(token)}`
    },
  })
}

function getMessage(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, [])
  if (unsupported) return badRequest(exchange, unsupported)
  const channel = channelOf(context, exchange)
  const message = channel && shownMessage(channel, exchange.params.message!)
  if (!message || message.root) return refuse(exchange, 404)
  exchange.rows = 1
  const metadata = `teams('${channel.team.id}')/channels('${channel.urlId}')/messages/$entity`
  const body = {
    '@odata.context': `${exchange.origin}/v1.0/$metadata#${metadata}`,
    ...renderMessage(context.tenant, message, preferences(exchange)),
  }
  return { status: 200, body }
}

/** A message that the API shows, by the text of its id. */
export function shownMessage(channel: Channel, id: string): Message | undefined {
  const message = /^\d+$/.test(id) ? channel.byId.get(Number(id)) : undefined
  return message?.shown ? message : undefined
}
