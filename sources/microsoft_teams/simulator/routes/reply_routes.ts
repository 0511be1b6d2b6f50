import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { type Context, preferences } from '../context.ts'
import { badRequest, refuse } from '../errors.ts'
import { channelOf, graphRoute } from '../graph_route.ts'
import type { Message } from '../model.ts'
import { option, readTop, unsupportedOption } from '../odata.ts'
import { pageReply } from '../page_reply.ts'
import { renderMessage } from '../render_message.ts'
import { repliesLink } from '../render_thread.ts'
import { shownMessage } from './message_routes.ts'

export function replyRoutes(context: Context): Route[] {
  const base = '/teams/:team/channels/:channel/messages/:message/replies'
  return [
    graphRoute(context, { name: 'replies', pattern: base, handle: (exchange) => listReplies(context, exchange) }),
    graphRoute(context, {
      name: 'reply',
      pattern: `${base}/:reply`,
      handle: (exchange) => getReply(context, exchange),
    }),
  ]
}

/** Newest first; the token is a time, `1,0,{epoch ms}` in base64 as in the sample: replies older than it follow. */
function listReplies(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['top', 'skiptoken'])
  if (unsupported) return badRequest(exchange, unsupported)
  const top = readTop(exchange, context.settings.pageSize, context.settings.pageSizeMax)
  if (typeof top === 'string') return badRequest(exchange, top)
  const root = rootOf(context, exchange)
  if (!root) return refuse(exchange, 404)
  const before = readBefore(exchange)
  if (before === undefined) return badRequest(exchange, 'Invalid continuation token specified.')
  const items = (root.replies ?? []).filter((reply) => reply.id < before).reverse()
  const options = preferences(exchange)
  const { channel } = root
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#teams('${channel.team.id}')/channels('${channel.urlId}')/messages('${root.id}')/replies`,
    items,
    position: 0,
    top,
    render: (reply) => renderMessage(context.tenant, reply, options),
    link: (position) => repliesLink(exchange, root, items[position - 1]?.id ?? before),
  })
}

function readBefore(exchange: Exchange): number | undefined {
  const text = option(exchange, 'skiptoken')
  if (text === undefined) return Number.MAX_SAFE_INTEGER
  const match = /^1,0,(\d+)$/.exec(Buffer.from(text, 'base64url').toString('utf8'))
  return match ? Number(match[1]) : undefined
}

function rootOf(context: Context, exchange: Exchange): Message | undefined {
  const channel = channelOf(context, exchange)
  const root = channel && shownMessage(channel, exchange.params.message!)
  return root?.root ? undefined : root
}

function getReply(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, [])
  if (unsupported) return badRequest(exchange, unsupported)
  const root = rootOf(context, exchange)
  const reply = root && shownMessage(root.channel, exchange.params.reply!)
  if (!reply || reply.root !== root) return refuse(exchange, 404)
  exchange.rows = 1
  const { channel } = reply
  const metadata = `teams('${channel.team.id}')/channels('${channel.urlId}')/messages('${reply.root.id}')/replies/$entity`
  const body = {
    '@odata.context': `${exchange.origin}/v1.0/$metadata#${metadata}`,
    ...renderMessage(context.tenant, reply, preferences(exchange)),
  }
  return { status: 200, body }
}
