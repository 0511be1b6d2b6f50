import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Exchange } from '../../../libs/simulator/exchange.ts'
import type { Context } from './context.ts'
import type { Message } from './model.ts'
import { option } from './odata.ts'
import { type RenderOptions, renderMessage } from './render_message.ts'

/** A root as a row of list or delta; with `replies` as `$expand=replies` shows it. */
export function renderThread(
  context: Context,
  exchange: Exchange,
  root: Message,
  options: RenderOptions & { replies: boolean },
): JsonObject {
  const row = renderMessage(context.tenant, root, options)
  return options.replies ? { ...row, ...inlineReplies(context, exchange, root, { ...options, typed: false }) } : row
}

/** The newest replies, and a link where there are more than fit. */
function inlineReplies(context: Context, exchange: Exchange, root: Message, options: RenderOptions): JsonObject {
  const replies = [...(root.replies ?? [])].reverse()
  const inline = replies.slice(0, context.settings.inlineReplies)
  return {
    'replies@odata.count': inline.length,
    ...(replies.length > inline.length
      ? { 'replies@odata.nextLink': repliesLink(exchange, root, inline.at(-1)!.id) }
      : {}),
    replies: inline.map((reply) => renderMessage(context.tenant, reply, options)),
  }
}

/** The page of replies older than `before`; keeps the caller's `$top` where replies themselves were asked for. */
export function repliesLink(exchange: Exchange, root: Message, before: number): string {
  const { channel } = root
  const top = exchange.params.message === undefined ? undefined : option(exchange, 'top')
  const token = Buffer.from(`1,0,${before}`).toString('base64url')
  const path = `/teams/${channel.team.id}/channels/${channel.id}/messages/${root.id}/replies`
  return `${exchange.origin}/v1.0${path}?${top === undefined ? '' : `$top=${top}&`}$skiptoken=${token}`
}
