import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { type Context, preferences } from '../context.ts'
import { badRequest, refuse } from '../errors.ts'
import { channelOf, graphRoute, teamOf } from '../graph_route.ts'
import type { Channel } from '../model.ts'
import { option, parseTextFilter, project, selected, unsupportedOption } from '../odata.ts'
import { pageReply } from '../page_reply.ts'
import { renderInstant } from '../render_message.ts'

export function channelRoutes(context: Context): Route[] {
  return [
    graphRoute(context, {
      name: 'channels',
      pattern: '/teams/:team/channels',
      handle: (exchange) => listChannels(context, exchange),
    }),
    graphRoute(context, {
      name: 'channel',
      pattern: '/teams/:team/channels/:channel',
      handle: (exchange) => getChannel(context, exchange),
    }),
  ]
}

/** One page: no page of the reference describes paging. Page faults may say otherwise. */
function listChannels(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['filter', 'select', 'expand'])
  if (unsupported) return badRequest(exchange, unsupported)
  const filter = option(exchange, 'filter')
  const test = filter === undefined ? () => true : parseTextFilter(filter, ['membershipType', 'displayName'])
  if (!test) return badRequest(exchange, 'Invalid filter clause')
  const team = teamOf(context, exchange)
  const names = selected(exchange)
  const rows = team.channels
    // The filter compares the true type, whatever the answer may call it.
    .filter((channel) => test({ membershipType: channel.membershipType, displayName: channel.displayName }))
    .map((channel) => project(renderChannel(context, exchange, channel), names))
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#teams('${team.id}')/channels${names ? `(${names.join(',')})` : ''}`,
    items: rows,
    position: 0,
    top: Math.max(1, rows.length),
    render: (row) => row,
    link: () => `${exchange.origin}${exchange.rawUrl}`,
  })
}

function getChannel(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['filter', 'select'])
  if (unsupported) return badRequest(exchange, unsupported)
  const channel = channelOf(context, exchange)
  if (!channel) return refuse(exchange, 404)
  exchange.rows = 1
  const metadata = {
    '@odata.context': `${exchange.origin}/v1.0/$metadata#teams('${channel.team.id}')/channels/$entity`,
  }
  return {
    status: 200,
    body: project({ ...metadata, ...renderChannel(context, exchange, channel) }, selected(exchange)),
  }
}

function renderChannel(context: Context, exchange: Exchange, channel: Channel): JsonObject {
  const shared = channel.membershipType === 'shared' && !preferences(exchange).unknownEnumMembers
  const base = `https://teams.microsoft.com/l/channel/${channel.urlId}/${encodeURIComponent(channel.displayName)}`
  return {
    id: channel.id,
    createdDateTime: renderInstant(channel.created),
    displayName: channel.displayName,
    description: channel.description,
    isFavoriteByDefault: null,
    email: `${channel.index.toString(36)}.${context.tenant.domain}@teams.example`,
    tenantId: context.tenant.id,
    webUrl: `${base}?groupId=${channel.team.id}&tenantId=${context.tenant.id}`,
    membershipType: shared ? 'unknownFutureValue' : channel.membershipType,
    isArchived: false,
  }
}
