import type { JsonObject } from '../../../../libs/connect/json.ts'
import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import type { Context } from '../context.ts'
import { badRequest } from '../errors.ts'
import { graphRoute, teamOf } from '../graph_route.ts'
import type { Team } from '../model.ts'
import { option, parseTextFilter, project, readTop, selected, unsupportedOption } from '../odata.ts'
import { pageReply, readPosition } from '../page_reply.ts'
import { opaqueToken, readOpaqueToken } from '../page_tokens.ts'
import { renderInstant } from '../render_message.ts'

const MAX_TEAMS = 999

export function teamRoutes(context: Context): Route[] {
  return [
    graphRoute(context, { name: 'teams', pattern: '/teams', handle: (exchange) => listTeams(context, exchange) }),
    graphRoute(context, { name: 'team', pattern: '/teams/:team', handle: (exchange) => getTeam(context, exchange) }),
  ]
}

/** Only id, displayName and description; the samples have no `@odata.context`. */
function listTeams(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['filter', 'select', 'top', 'skiptoken', 'count'])
  if (unsupported) return badRequest(exchange, unsupported)
  const top = readTop(exchange, context.settings.teamsPageSize, MAX_TEAMS)
  if (typeof top === 'string') return badRequest(exchange, top)
  const filter = option(exchange, 'filter')
  const test = filter === undefined ? () => true : parseTextFilter(filter, ['displayName', 'description'])
  if (!test) return badRequest(exchange, 'Invalid filter clause')
  const place = readPosition(context, exchange, 'teams', readOpaqueToken)
  if ('status' in place) return place
  const rows = context.tenant.teams
    .filter((team) => !team.gone)
    .map(renderListed)
    .filter(test)
  const names = selected(exchange)
  return pageReply(exchange, {
    count: option(exchange, 'count') === 'true',
    items: rows,
    position: place.position,
    top,
    render: (row) => project(row, names),
    link: (position, nonce) => {
      const token = opaqueToken({ list: 'teams', position, issuedAt: exchange.at, nonce })
      return `${exchange.origin}/v1.0/teams?${keptOptions(exchange)}$skiptoken=${token}`
    },
  })
}

/** The options that a following page needs again. */
export function keptOptions(exchange: Exchange): string {
  const kept = ['top', 'filter', 'select', 'count'].flatMap((name) => {
    const value = option(exchange, name)
    return value === undefined ? [] : [`$${name}=${encodeURIComponent(value).replaceAll('%20', '+')}&`]
  })
  return kept.join('')
}

function renderListed(team: Team): JsonObject {
  return { id: team.id, displayName: team.displayName, description: team.description }
}

function getTeam(context: Context, exchange: Exchange): Reply {
  const unsupported = unsupportedOption(exchange, ['select', 'expand'])
  if (unsupported) return badRequest(exchange, unsupported)
  const team = teamOf(context, exchange)
  const body = { '@odata.context': `${exchange.origin}/v1.0/$metadata#teams/$entity`, ...renderTeam(context, team) }
  exchange.rows = 1
  return { status: 200, body: project(body, selected(exchange)) }
}

function renderTeam(context: Context, team: Team): JsonObject {
  return {
    id: team.id,
    createdDateTime: renderInstant(team.created),
    displayName: team.displayName,
    description: team.description,
    internalId: team.channels[0]?.id ?? null,
    classification: null,
    specialization: 'none',
    visibility: 'private',
    webUrl: `https://teams.microsoft.com/l/team/${encodeURIComponent(team.channels[0]?.id ?? '')}/conversations?groupId=${team.id}&tenantId=${context.tenant.id}`,
    isArchived: false,
    tenantId: context.tenant.id,
    memberSettings: {
      allowCreateUpdateChannels: true,
      allowCreatePrivateChannels: true,
      allowDeleteChannels: true,
      allowAddRemoveApps: true,
      allowCreateUpdateRemoveTabs: true,
      allowCreateUpdateRemoveConnectors: true,
    },
    guestSettings: { allowCreateUpdateChannels: false, allowDeleteChannels: false },
    messagingSettings: {
      allowUserEditMessages: true,
      allowUserDeleteMessages: true,
      allowOwnerDeleteMessages: true,
      allowTeamMentions: true,
      allowChannelMentions: true,
    },
    funSettings: {
      allowGiphy: true,
      giphyContentRating: 'strict',
      allowStickersAndMemes: true,
      allowCustomMemes: true,
    },
    discoverySettings: { showInTeamsSearchAndSuggestions: true },
  }
}
