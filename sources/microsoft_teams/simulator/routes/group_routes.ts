import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import { stableGuid } from '../../../../libs/simulator/random.ts'
import type { Context } from '../context.ts'
import { badRequest } from '../errors.ts'
import { graphRoute } from '../graph_route.ts'
import { option, project, readTop, selected, unsupportedOption } from '../odata.ts'
import { pageReply, readPosition } from '../page_reply.ts'
import { opaqueToken, readOpaqueToken } from '../page_tokens.ts'
import { keptOptions } from './team_routes.ts'

const TEAMS_ONLY = /^resourceProvisioningOptions\/any\((\w+):\s*\1\s+eq\s+'Team'\)$/i

export function groupRoutes(context: Context): Route[] {
  return [
    graphRoute(context, { name: 'groups', pattern: '/groups', handle: (exchange) => listGroups(context, exchange) }),
  ]
}

/** Groups with a team, and two without one for those who do not filter. Counting needs `ConsistencyLevel: eventual`. */
function listGroups(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['filter', 'select', 'top', 'skiptoken', 'count'])
  if (unsupported) return badRequest(exchange, unsupported)
  const counted = option(exchange, 'count') === 'true'
  if (counted && exchange.headers.consistencylevel !== 'eventual') {
    return badRequest(exchange, 'Request with $count query parameter needs the header ConsistencyLevel: eventual.')
  }
  const top = readTop(exchange, 100, 999)
  if (typeof top === 'string') return badRequest(exchange, top)
  const filter = option(exchange, 'filter')
  if (filter !== undefined && !TEAMS_ONLY.test(filter.trim()))
    return badRequest(exchange, 'Unsupported or invalid query filter clause.')
  const place = readPosition(context, exchange, 'groups', readOpaqueToken)
  if ('status' in place) return place
  const rows = filter === undefined ? [...teamGroups(context), ...plainGroups(context)] : teamGroups(context)
  const names = selected(exchange)
  return pageReply(exchange, {
    context: `${exchange.origin}/v1.0/$metadata#groups${names ? `(${names.join(',')})` : ''}`,
    count: counted && place.position === 0,
    items: rows,
    position: place.position,
    top,
    render: (row) => project(row, names),
    link: (position, nonce) => {
      const token = opaqueToken({ list: 'groups', position, issuedAt: exchange.at, nonce })
      return `${exchange.origin}/v1.0/groups?${keptOptions(exchange)}$skiptoken=${token}`
    },
  })
}

function teamGroups(context: Context): JsonObject[] {
  return context.tenant.teams
    .filter((team) => !team.gone)
    .map((team) => renderGroup(team.id, team.displayName, team.description, ['Team']))
}

function plainGroups(context: Context): JsonObject[] {
  return ['Reception', 'Newsletter'].map((name) =>
    renderGroup(stableGuid(`group ${name}`, context.tenant.seed), name, `Mail to ${name}`, []),
  )
}

function renderGroup(id: string, displayName: string, description: string, provisioned: string[]): JsonObject {
  return {
    id,
    description,
    displayName,
    groupTypes: ['Unified'],
    mailEnabled: true,
    mailNickname: displayName.replace(/\W/g, ''),
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: provisioned,
    securityEnabled: false,
    visibility: 'Private',
  }
}
