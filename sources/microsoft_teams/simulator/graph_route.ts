import type { Exchange, Reply, Route } from '../../../libs/simulator/exchange.ts'
import type { Limit } from '../../../libs/simulator/rate_buckets.ts'
import type { Context } from './context.ts'
import { missingRole, refuse, teamNotFound } from './errors.ts'
import { limitsOf } from './limits.ts'
import type { Channel, Team } from './model.ts'
import { isGranted, PERMISSIONS } from './permissions.ts'

export interface GraphRoute {
  name: string
  pattern: string
  handle(exchange: Exchange): Reply
}

/** A Graph call behind the gate: token, quota, permission, team, channel; in this order. */
export function graphRoute(context: Context, route: GraphRoute): Route {
  return {
    name: route.name,
    method: 'GET',
    pattern: `/v1.0${route.pattern}`,
    admit: (exchange) => admit(context, route.name, exchange),
    handle: route.handle,
  }
}

function admit(context: Context, route: string, exchange: Exchange): Reply | undefined {
  context.late.flush(exchange.at)
  const token = bearer(context, exchange)
  if (token === undefined) return refuse(exchange, 401, { message: 'Access token is empty.' })
  const known = context.access.token(token)
  if (!known) return refuse(exchange, 401, { message: 'Access token validation failure.' })
  if (known.expiresAt <= exchange.at || known.requests-- <= 0) return refuse(exchange, 401)
  const throttled = throttle(context, route, exchange)
  if (throttled) return throttled
  const roles = context.access.rolesOf(known)
  if (!isGranted(route, roles)) return missingRole(exchange, PERMISSIONS[route] ?? [], roles)
  const id = exchange.params.team
  if (id === undefined) return undefined
  const team = context.tenant.team(id)
  if (!team) return teamNotFound(exchange, id)
  if (team.refused) return refuse(exchange, 403)
  if (route === 'export' && team.exportRefused) return consentMissing(exchange, roles)
  return exchange.params.channel !== undefined && channelOf(context, exchange)?.refused
    ? refuse(exchange, 403)
    : undefined
}

/** The export knows no resource-specific consent: an app that has just that lacks the role. */
function consentMissing(exchange: Exchange, roles: readonly string[]): Reply {
  const required = PERMISSIONS.export!
  return missingRole(
    exchange,
    required,
    roles.filter((role) => !required.includes(role)),
  )
}

function bearer(_: Context, exchange: Exchange): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
}

function throttle(context: Context, route: string, exchange: Exchange): Reply | undefined {
  if (context.settings.throttle === 'off') return undefined
  const refusal = context.server().buckets.take(limitsFor(context, route, exchange), exchange.at)
  if (!refusal) return undefined
  const reply = refuse(exchange, 429)
  const silent = context.settings.missingRetryAfter > 0 && context.random.next() < context.settings.missingRetryAfter
  return {
    ...reply,
    ...(silent ? {} : { headers: { 'Retry-After': String(Math.max(1, Math.ceil(refusal.wait_ms / 1000))) } }),
    refused_by: refusal.limit.scope,
    promised: [refusal.limit.key],
  }
}

export function limitsFor(context: Context, route: string, exchange: Exchange): Limit[] {
  const { settings, access, tenant } = context
  return limitsOf({
    route,
    app: access.clientId,
    tenant: tenant.id,
    users: tenant.users.length,
    team: exchange.params.team?.toLowerCase(),
    channel: exchange.params.channel?.toLowerCase(),
    exportPerTeam: settings.exportPerTeam,
  })
}

/** The team of the path; admission has seen to it that it is there. */
export function teamOf(context: Context, exchange: Exchange): Team {
  return context.tenant.team(exchange.params.team!)!
}

export function channelOf(context: Context, exchange: Exchange): Channel | undefined {
  const id = exchange.params.channel!.toLowerCase()
  return teamOf(context, exchange).channels.find((channel) => channel.id.toLowerCase() === id)
}
