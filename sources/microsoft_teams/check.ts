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
import { asRefusal } from './feeds/refusal.ts'
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

/** A team may say no for itself: so many others are asked before the permission counts as missing. */
const OTHER_TEAMS = 5

/** What a request answers that proves neither that a permission is there nor that it is missing. */
const NOTHING = Symbol('nothing')

/**
 * One small request a table, against the first team that does not refuse it. A wrong secret or tenant throws, since then
 * nothing works; a missing permission is an answer.
 */
export async function check(
  connection: GraphClient,
  _connectionOptions: ResolvedOptions,
  signal: AbortSignal,
): Promise<PermissionCheck[]> {
  const resolved = resolveOptions(options, {}, { scope: 'table', unknown: 'ignore' })
  const session = new Session()
  const args = { connection, options: resolved, session, signal }
  let teams: Partition[] = []
  const listed = await ask('teams', [null], async () => {
    teams = (await plannedTeams(args)).partitions.slice(0, 1 + OTHER_TEAMS)
  })
  if (teams.length === 0)
    return Object.keys(PERMISSION).map((table) => ({ ...listed, table, permission: PERMISSION[table]! }))
  const since = formatInstant((await serverTime(args)) - 60_000)
  const channelOf = (team: Partition) =>
    session.once(`channel of ${team.id}`, () => firstChannel(connection, team, signal))
  const channels = await ask('channels', teams, channelOf)
  const members = await ask('members', teams, (team) =>
    listMembers(connection, ['teams', String(team.team_id)], team, signal),
  )
  // Channels have to be listed first: without that, their own permission is not enough.
  const channelMembers = channels.granted
    ? await ask('channel_members', teams, async (team) => {
        const channel_id = await channelOf(team).catch(unlessRefused)
        // Every team has a channel; one without, or that does not list them, says nothing about permissions.
        if (channel_id === undefined) return NOTHING
        const path = ['teams', String(team.team_id), 'channels', channel_id]
        return listMembers(connection, path, { ...team, channel_id }, signal)
      })
    : { ...channels, table: 'channel_members' }
  const messages = await ask('messages', teams, (team) => exportOne(connection, team, since, signal))
  return [listed, channels, members, channelMembers, messages, { ...messages, table: 'message_replies' }]
}

/** Asks one place after the other until one answers; only when all of them say no is the permission missing. */
async function ask<T>(
  table: string,
  places: readonly T[],
  request: (place: T) => Promise<unknown>,
): Promise<PermissionCheck> {
  const permission = PERMISSION[table]!
  let refused: GraphError | undefined
  let asked = 0
  for (const place of places) {
    try {
      if ((await request(place)) === NOTHING) continue
      return { table, permission, granted: true }
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      refused ??= error
      asked += 1
      // Anything but a refusal is no matter of this place.
      if (asRefusal(error) === null) break
    }
  }
  if (refused === undefined) return { table, permission, granted: true }
  const all = asked > 1 ? ` All ${asked} teams that were asked say no.` : ''
  return { table, permission, granted: false, code: refused.code, message: `${refused.message}${all}` }
}

function unlessRefused(error: unknown): undefined {
  if (asRefusal(error) === null) throw error
}

/** The id of the first channel. */
async function firstChannel(connection: GraphClient, team: Partition, signal: AbortSignal) {
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
