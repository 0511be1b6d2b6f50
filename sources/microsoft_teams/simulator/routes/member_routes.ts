import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import type { Context } from '../context.ts'
import { badRequest, refuse } from '../errors.ts'
import { channelOf, graphRoute, teamOf } from '../graph_route.ts'
import type { User } from '../model.ts'
import { option, parseTextFilter, project, readTop, selected, unsupportedOption } from '../odata.ts'
import { pageReply, readPosition } from '../page_reply.ts'
import { opaqueToken, readOpaqueToken } from '../page_tokens.ts'
import { keptOptions } from './team_routes.ts'

export function memberRoutes(context: Context): Route[] {
  return [
    graphRoute(context, {
      name: 'team_members',
      pattern: '/teams/:team/members',
      handle: (exchange) => {
        const team = teamOf(context, exchange)
        return listMembers(context, exchange, `teams('${team.id}')`, `/teams/${team.id}`, team.id, [...team.members])
      },
    }),
    graphRoute(context, {
      name: 'channel_members',
      pattern: '/teams/:team/channels/:channel/members',
      handle: (exchange) => {
        const channel = channelOf(context, exchange)
        if (!channel) return refuse(exchange, 404)
        const { team } = channel
        const metadata = `teams('${team.id}')/channels('${channel.urlId}')`
        // Everybody in the team is in its standard channels; private and shared ones have members of their own.
        const people = channel.membershipType === 'standard' ? team.members : channel.members
        return listMembers(context, exchange, metadata, `/teams/${team.id}/channels/${channel.id}`, channel.id, [
          ...people,
        ])
      },
    }),
  ]
}

function listMembers(
  context: Context,
  exchange: Exchange,
  metadata: string,
  path: string,
  place: string,
  people: User[],
): Reply {
  const unsupported = unsupportedOption(exchange, ['filter', 'select', 'top', 'skiptoken'])
  if (unsupported) return badRequest(exchange, unsupported)
  const top = readTop(exchange, 100, 999)
  if (typeof top === 'string') return badRequest(exchange, top)
  const filter = option(exchange, 'filter')
  const test = filter === undefined ? () => true : parseTextFilter(filter, ['userId', 'displayName', 'email'])
  if (!test) return badRequest(exchange, 'Invalid filter clause')
  const list = `members ${place}`
  const token = readPosition(context, exchange, list, readOpaqueToken)
  if ('status' in token) return token
  const names = selected(exchange)
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#${metadata}/members`,
    items: people.map((user, index) => renderMember(context, place, user, index)).filter(test),
    position: token.position,
    top,
    render: (row) => project(row, names),
    link: (position, nonce) => {
      const next = opaqueToken({ list, position, issuedAt: exchange.at, nonce })
      return `${exchange.origin}/v1.0${path}/members?${keptOptions(exchange)}$skiptoken=${next}`
    },
  })
}

/** Whoever wrote first owns the place. */
function renderMember(context: Context, place: string, user: User, index: number): JsonObject {
  return {
    '@odata.type': '#microsoft.graph.aadUserConversationMember',
    id: Buffer.from(`${place}##${user.id}`).toString('base64'),
    roles: index === 0 ? ['owner'] : [],
    displayName: user.displayName,
    visibleHistoryStartDateTime: '0001-01-01T00:00:00Z',
    userId: user.id,
    email: user.email,
    tenantId: context.tenant.id,
  }
}
