import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { type Context, preferences } from '../context.ts'
import { badRequest } from '../errors.ts'
import { graphRoute, teamOf } from '../graph_route.ts'
import { option, parseModifiedRange, readTop, unsupportedOption } from '../odata.ts'
import { pageReply, readPosition } from '../page_reply.ts'
import { exportToken, readExportToken } from '../page_tokens.ts'
import { renderMessage } from '../render_message.ts'

export function exportRoutes(context: Context): Route[] {
  const handle = (exchange: Exchange): Reply => exportMessages(context, exchange)
  return [graphRoute(context, { name: 'export', pattern: '/teams/:team/channels/getAllMessages', handle })]
}

/**
 * Roots and replies of all standard and private channels of a team. Pages are positions in the live filtered list:
 * a row that changes while somebody walks leaves its place, and the rows behind it move up.
 */
function exportMessages(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['filter', 'top', 'skiptoken'])
  if (unsupported) return badRequest(exchange, unsupported)
  const top = readTop(exchange, context.settings.pageSize, context.settings.pageSizeMax)
  if (typeof top === 'string') return badRequest(exchange, top)
  const filter = option(exchange, 'filter')
  const range = parseModifiedRange(filter)
  if (!range) return badRequest(exchange, 'Invalid filter clause')
  const team = teamOf(context, exchange)
  const place = readPosition(context, exchange, team.id, readExportToken)
  if ('status' in place) return place
  const options = { ...preferences(exchange), typed: true }
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#Collection(chatMessage)`,
    items: context.tenant.exportOf(team).filtered(range),
    position: place.position,
    top,
    render: (message) => renderMessage(context.tenant, message, options),
    link: (position, nonce) => {
      const token = exportToken({ list: team.id, position, issuedAt: exchange.at, nonce })
      return `${exchange.origin}/v1.0/teams('${team.id}')/channels/getallMessages?${linkTop(exchange)}$skiptoken=${token}${linkFilter(filter)}`
    },
  })
}

function linkTop(exchange: Exchange): string {
  const top = option(exchange, 'top')
  return top === undefined ? '' : `$top=${top}&`
}

/** As the sample has it: spaces as plus signs, colons as `%3a`. */
function linkFilter(filter: string | undefined): string {
  if (filter === undefined) return ''
  const encoded = encodeURIComponent(filter).replaceAll('%20', '+').replaceAll('%3A', '%3a')
  return `&$filter=${encoded}`
}
