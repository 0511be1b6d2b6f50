import type { Partition } from '../../libs/connect/feed.ts'
import { formatInstant } from '../../libs/connect/instant.ts'
import { type ResolvedOptions, resolveOptions } from '../../libs/connect/options.ts'
import { Session } from '../../libs/connect/session.ts'
import type { PermissionCheck } from '../../libs/connect/source.ts'
import type { GraphClient } from './client.ts'
import { GraphError } from './errors/graph_error.ts'
import { serverTime } from './feeds/discovery.ts'
import { graphPage, isRow } from './feeds/graph_page.ts'
import { plannedTeams } from './feeds/planned_teams.ts'
import { options } from './options.ts'

/** The least application permission of each table (PERM, reference §5). */
const PERMISSION: Readonly<Record<string, string>> = {
  teams: 'Team.ReadBasic.All',
  channels: 'Channel.ReadBasic.All',
  members: 'TeamMember.Read.All',
  channel_members: 'ChannelMember.Read.All',
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
  const listed = await ask('teams', () => plannedTeams(args).then(({ partitions }) => partitions))
  const team = listed.value?.[0]
  if (team === undefined)
    return Object.keys(PERMISSION).map((table) => ({ ...listed.check, table, permission: PERMISSION[table]! }))
  const since = formatInstant((await serverTime(args)) - 60_000)
  const channels = await ask('channels', () => listChannels(connection, team, signal))
  const members = await ask('members', () => listMembers(connection, ['teams', String(team.team_id)], team, signal))
  const channelMembers = await askChannelMembers(connection, team, channels, signal)
  const messages = (await ask('messages', () => exportOne(connection, team, since, signal))).check
  return [
    listed.check,
    channels.check,
    members.check,
    channelMembers,
    messages,
    { ...messages, table: 'message_replies' },
  ]
}

/** Channels have to be listed first: without that, its own permission is not enough. */
async function askChannelMembers(
  connection: GraphClient,
  team: Partition,
  channels: Asked<string | undefined>,
  signal: AbortSignal,
): Promise<PermissionCheck> {
  const table = 'channel_members'
  if (!channels.check.granted) return { ...channels.check, table }
  // Nothing to ask about: every team has a channel, and one without says nothing about permissions.
  if (channels.value === undefined) return { table, permission: PERMISSION[table]!, granted: true }
  const channel = { ...team, channel_id: channels.value }
  const path = ['teams', String(team.team_id), 'channels', channels.value]
  return (await ask(table, () => listMembers(connection, path, channel, signal))).check
}

interface Asked<T> {
  value?: T
  check: PermissionCheck
}

async function ask<T>(table: string, request: () => Promise<T>): Promise<Asked<T>> {
  const permission = PERMISSION[table]!
  try {
    return { value: await request(), check: { table, permission, granted: true } }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return { check: { table, permission, granted: false, code: error.code, message: error.message } }
  }
}

/** The id of the first channel. */
async function listChannels(connection: GraphClient, team: Partition, signal: AbortSignal) {
  const teamId = String(team.team_id)
  const call = { kind: 'channels' as const, teamId, signal }
  const { rows } = graphPage(await connection.get(['teams', teamId, 'channels'], { $select: 'id' }, call))
  return rows.filter(isRow).find((row): row is { id: string } => typeof row.id === 'string')?.id
}

function listMembers(connection: GraphClient, path: readonly string[], place: Partition, signal: AbortSignal) {
  const teamId = String(place.team_id)
  const call =
    place.channel_id === undefined
      ? ({ kind: 'team_members', teamId, signal } as const)
      : ({ kind: 'channel_members', teamId, channelId: String(place.channel_id), signal } as const)
  return connection.get([...path, 'members'], { $top: 1 }, call)
}

function exportOne(connection: GraphClient, team: Partition, since: string, signal: AbortSignal) {
  const teamId = String(team.team_id)
  const query = { $top: 1, $filter: `lastModifiedDateTime gt ${since}` }
  return connection.get(['teams', teamId, 'channels', 'getAllMessages'], query, { kind: 'export', teamId, signal })
}
