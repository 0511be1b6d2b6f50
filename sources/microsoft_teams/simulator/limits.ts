import type { Limit } from '../../../libs/simulator/rate_buckets.ts'

/** Row of the Teams table (reference §3.1): requests a second per app and tenant, and per app over all tenants. */
interface Row {
  name: string
  appTenant: number
  app: number
}

const OTHER: Row = { name: 'other', appTenant: 30, app: 1500 }
const MESSAGE: Row = { name: 'channel_message', appTenant: 20, app: 200 }

const ROWS: Readonly<Record<string, Row>> = {
  teams: OTHER,
  team: { name: 'team', appTenant: 30, app: 300 },
  channels: { name: 'channels', appTenant: 60, app: 1200 },
  channel: { name: 'channel', appTenant: 30, app: 600 },
  team_members: { name: 'team_members', appTenant: 60, app: 1200 },
  channel_members: { name: 'channel_members', appTenant: 60, app: 1200 },
  export: { name: 'export', appTenant: 200, app: 1000 },
  // "GET channel message" is the natural reading for the list, its replies and delta; the table does not spell it out.
  channel_messages: MESSAGE,
  message: MESSAGE,
  replies: MESSAGE,
  reply: MESSAGE,
  delta: MESSAGE,
}

export interface LimitedRequest {
  route: string
  app: string
  tenant: string
  /** How many users the tenant has: directory limits follow it. */
  users: number
  team: string | undefined
  channel: string | undefined
  exportPerTeam: 'strict' | 'loose'
}

/** Every bucket that one request counts against. */
export function limitsOf(request: LimitedRequest): Limit[] {
  const { app, tenant, route } = request
  const limits: Limit[] = [{ scope: 'app_global', key: `app_global:${app}`, limit: 130_000, window_ms: 10_000 }]
  if (route === 'groups') return [...limits, directoryLimit(request)]
  const row = ROWS[route]
  if (!row) return limits
  limits.push(
    { scope: 'app_tenant', key: `app_tenant:${row.name}:${app}:${tenant}`, limit: row.appTenant },
    { scope: 'app', key: `app:${row.name}:${app}`, limit: row.app },
  )
  const perTeam = route !== 'export' || request.exportPerTeam === 'strict'
  if (request.team && perTeam) limits.push({ scope: 'team', key: `team:${app}:${request.team}`, limit: 4 })
  if (request.channel) limits.push({ scope: 'channel', key: `channel:${app}:${tenant}:${request.channel}`, limit: 1 })
  return limits
}

/** Resource units in ten seconds, by the size of the tenant; listing groups costs one. */
function directoryLimit({ app, tenant, users }: LimitedRequest): Limit {
  const limit = users < 50 ? 3500 : users <= 500 ? 5000 : 8000
  return { scope: 'directory', key: `directory:${app}:${tenant}`, limit, window_ms: 10_000 }
}
