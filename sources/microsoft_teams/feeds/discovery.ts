import { isParleyError } from '../../../libs/connect/error.ts'
import type { Discovery, Partition, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { OptionInvalidError } from '../../../libs/connect/option_invalid_error.ts'
import { followPages } from '../../../libs/http/paging.ts'
import type { GraphClient } from '../client.ts'
import { NoServerDateError } from '../errors/no_server_date_error.ts'
import { graphPage, isRow } from './graph_page.ts'
import { asRefusal } from './refusal.ts'

type Args = ReadArgs<GraphClient>

/** One partition a team; with channel_id one a channel, so that reading less never moves the cursor of the rest. */
export async function discoverTeams(args: Args): Promise<Discovery> {
  const teams = askedTeams(args)
  const channels = args.options.channel_id as string[] | undefined
  if (channels !== undefined) return { partitions: channelPartitions(teams ?? [], channels), complete: false }
  if (teams !== undefined) return { partitions: teams.map(teamPartition), complete: false }
  const { partitions } = await args.session.once('teams', () => listTeams(args))
  return { partitions, complete: true }
}

/** Asks for the team itself: the only proof that one missing from the list is gone (reference §4: lists lag). */
export function lookAtTeam(partition: Partition, { connection, signal }: Args): Promise<Sighting> {
  const teamId = String(partition.team_id)
  const call = { kind: 'team' as const, teamId, signal, retryNotFound: true }
  return sightingOf(connection.get(['teams', teamId], { $select: 'id' }, call))
}

/**
 * Asks for the channel itself. A partition without a channel stands for a team whose channels could not be listed,
 * and is looked for as a team.
 */
export function lookAtChannel(partition: Partition, args: Args): Promise<Sighting> {
  if (partition.channel_id === undefined) return lookAtTeam(partition, args)
  const { connection, signal } = args
  const [teamId, channelId] = [String(partition.team_id), String(partition.channel_id)]
  const call = { kind: 'channel' as const, teamId, channelId, signal, retryNotFound: true }
  return sightingOf(connection.get(['teams', teamId, 'channels', channelId], { $select: 'id' }, call))
}

async function sightingOf(request: Promise<unknown>): Promise<Sighting> {
  try {
    await request
    return { state: 'present' }
  } catch (error) {
    const refusal = asRefusal(error)
    if (refusal === null) throw error
    return refusal.status === 404 ? { state: 'absent', status: 404 } : { state: 'refused', refusal }
  }
}

/**
 * The first `Date` of the API host in this read, in ms. Discovery usually has fetched it already; with
 * team_id set, one small request does, whatever it answers.
 */
export async function serverTime(args: Args): Promise<Instant> {
  return args.session.once('server_time', async () => {
    const teams = askedTeams(args)
    const date =
      teams === undefined
        ? (await args.session.once('teams', () => listTeams(args))).date
        : await timeOfLook(teams, args)
    if (date === undefined) throw new NoServerDateError()
    return date
  })
}

/** Any answer will do, a refusal too; a team that cannot be asked at all leaves it to the next one. */
async function timeOfLook(teams: readonly string[], args: Args): Promise<Instant | undefined> {
  let trouble: unknown
  for (const teamId of teams) {
    try {
      await lookAtTeam(teamPartition(teamId), args)
      return args.connection.lastDate
    } catch (error) {
      args.signal.throwIfAborted()
      if (!isParleyError(error) || error.kind !== 'source') throw error
      trouble = error
    }
  }
  throw trouble
}

/** The teams that the option names. Graph reads GUIDs in any case and writes them in small letters: so do the keys. */
function askedTeams({ options }: Args): string[] | undefined {
  const teams = options.team_id as string[] | undefined
  return teams?.map((id) => (/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/i.test(id) ? id.toLowerCase() : id))
}

async function listTeams({
  connection,
  signal,
}: Args): Promise<{ partitions: Partition[]; date: Instant | undefined }> {
  const partitions = new Map<string, Partition>()
  const call = { kind: 'teams' as const, signal }
  let date: Instant | undefined
  const pages = followPages({
    first: () => connection.get(['teams'], {}, call).then(graphPage),
    follow: (link) => connection.follow(link, call).then(graphPage),
  })
  for await (const page of pages) {
    date ??= page.response.date
    for (const team of page.rows) {
      if (isRow(team) && typeof team.id === 'string') partitions.set(team.id, teamPartition(team.id))
    }
  }
  return { partitions: [...partitions.values()], date }
}

function teamPartition(teamId: string): Partition {
  return { id: teamId, team_id: teamId }
}

function channelPartitions(teams: readonly string[], channels: readonly string[]): Partition[] {
  const [teamId] = teams
  if (teamId === undefined || teams.length > 1) {
    throw new OptionInvalidError('team_id', teams.length, 'exactly one team when channel_id is set')
  }
  return channels.map((channelId) => ({
    id: `${teamId}/${channelId}`,
    team_id: teamId,
    channel_id: channelId,
    within: teamId,
  }))
}
