import type { Partition } from '../../libs/connect/feed.ts'
import { formatInstant } from '../../libs/connect/instant.ts'
import { type ResolvedOptions, resolveOptions } from '../../libs/connect/options.ts'
import { Session } from '../../libs/connect/session.ts'
import type { PermissionCheck } from '../../libs/connect/source.ts'
import type { GraphClient } from './client.ts'
import { GraphError } from './errors/graph_error.ts'
import { discoverTeams, serverTime } from './feeds/discovery.ts'
import { options } from './options.ts'

/** The least application permission of each table (PERM, reference §5). */
const PERMISSION: Readonly<Record<string, string>> = {
  teams: 'Team.ReadBasic.All',
  channels: 'Channel.ReadBasic.All',
  messages: 'ChannelMessage.Read.All',
  message_replies: 'ChannelMessage.Read.All',
}

/**
 * One small request a table against the first team. A wrong secret or tenant throws, since then nothing works;
 * a missing permission is an answer.
 */
export async function check(
  connection: GraphClient,
  _connectionOptions: ResolvedOptions,
  signal: AbortSignal,
): Promise<PermissionCheck[]> {
  const resolved = resolveOptions(options, {}, { scope: 'table', unknown: 'ignore' })
  const args = { connection, options: resolved, session: new Session(), signal }
  const listed = await ask('teams', () => discoverTeams(args).then(({ partitions }) => partitions))
  const team = listed.value?.[0]
  if (team === undefined)
    return Object.keys(PERMISSION).map((table) => ({ ...listed.check, table, permission: PERMISSION[table]! }))
  const since = formatInstant((await serverTime(args)) - 60_000)
  const results = [listed.check, (await ask('channels', () => listChannels(connection, team, signal))).check]
  const messages = (await ask('messages', () => exportOne(connection, team, since, signal))).check
  return [...results, messages, { ...messages, table: 'message_replies' }]
}

async function ask<T>(table: string, request: () => Promise<T>): Promise<{ value?: T; check: PermissionCheck }> {
  const permission = PERMISSION[table]!
  try {
    return { value: await request(), check: { table, permission, granted: true } }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return { check: { table, permission, granted: false, code: error.code, message: error.message } }
  }
}

function listChannels(connection: GraphClient, team: Partition, signal: AbortSignal) {
  const teamId = String(team.team_id)
  return connection.get(['teams', teamId, 'channels'], { $select: 'id' }, { kind: 'channels', teamId, signal })
}

function exportOne(connection: GraphClient, team: Partition, since: string, signal: AbortSignal) {
  const teamId = String(team.team_id)
  const query = { $top: 1, $filter: `lastModifiedDateTime gt ${since}` }
  return connection.get(['teams', teamId, 'channels', 'getAllMessages'], query, { kind: 'export', teamId, signal })
}
