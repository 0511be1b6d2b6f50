import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import type { Context } from '../context.ts'
import { badRequest, refuse } from '../errors.ts'
import { channelOf, graphRoute, teamOf } from '../graph_route.ts'
import type { Members } from '../members.ts'
import type { Team } from '../model.ts'
import { option, parseTextFilter, project, readTop, selected, unsupportedOption } from '../odata.ts'
import { pageReply, readPosition } from '../page_reply.ts'
import { opaqueToken, readOpaqueToken } from '../page_tokens.ts'
import { channelPeople, renderMember } from '../render_member.ts'
import { keptOptions } from './team_routes.ts'

export function memberRoutes(context: Context): Route[] {
  return [
    graphRoute(context, {
      name: 'team_members',
      pattern: '/teams/:team/members',
      handle: (exchange) => {
        const team = teamOf(context, exchange)
        return listMembers(context, exchange, { team, list: team.id, path: `/teams/${team.id}`, people: team.members })
      },
    }),
    graphRoute(context, {
      name: 'channel_members',
      pattern: '/teams/:team/channels/:channel/members',
      handle: (exchange) => {
        const channel = channelOf(context, exchange)
        if (!channel) return refuse(exchange, 404)
        const { team } = channel
        const path = `/teams/${team.id}/channels/${channel.id}`
        const metadata = `/channels('${channel.urlId}')`
        return listMembers(context, exchange, {
          team,
          list: channel.id,
          metadata,
          path,
          people: channelPeople(channel),
        })
      },
    }),
  ]
}

interface MemberList {
  team: Team
  /** What its page tokens name. */
  list: string
  path: string
  /** What its context has after the team. */
  metadata?: string
  people: Members
}

function listMembers(context: Context, exchange: Exchange, members: MemberList): Reply {
  const { team, path, people } = members
  const unsupported = unsupportedOption(exchange, ['filter', 'select', 'top', 'skiptoken'])
  if (unsupported) return badRequest(exchange, unsupported)
  const top = readTop(exchange, 100, 999)
  if (typeof top === 'string') return badRequest(exchange, top)
  const filter = option(exchange, 'filter')
  const test = filter === undefined ? () => true : parseTextFilter(filter, ['userId', 'displayName', 'email'])
  if (!test) return badRequest(exchange, 'Invalid filter clause')
  const list = `members ${members.list}`
  const token = readPosition(context, exchange, list, readOpaqueToken)
  if ('status' in token) return token
  const names = selected(exchange)
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#teams('${team.id}')${members.metadata ?? ''}/members`,
    items: people
      .list()
      .map(([user, role]) => renderMember(context.tenant, team, user, role))
      .filter(test),
    position: token.position,
    top,
    render: (row) => project(row, names),
    link: (position, nonce) => {
      const next = opaqueToken({ list, position, issuedAt: exchange.at, nonce })
      return `${exchange.origin}/v1.0${path}/members?${keptOptions(exchange)}$skiptoken=${next}`
    },
  })
}
