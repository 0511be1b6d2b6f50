import { isParleyError } from '../../../libs/connect/error.ts'
import type { Discovery, Partition, ReadArgs, Sighting } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { NoServerDateError } from '../../../libs/http/no_server_date_error.ts'
import type { GraphClient } from '../client.ts'
import { filteredPart, filterOf } from './filters.ts'
import { plannedChannels } from './planned_channels.ts'
import { askedTeams, listedTeams, plannedTeams, teamPartition } from './planned_teams.ts'
import { asRefusal } from './refusal.ts'

type Args = ReadArgs<GraphClient>

/**
 * One partition a team; with channel_id or channel_filter one a channel, so that reading less never moves the cursor of
 * the rest.
 */
export async function discoverTeams(args: Args): Promise<Discovery> {
  const teams = await plannedTeams(args)
  if (args.options.channel_id === undefined && filterOf(args.options, 'channel_filter') === undefined) return teams
  const { partitions, refused } = await plannedChannels(teams.partitions, args)
  return {
    partitions: partitions.map((channel) => ({ ...channel, within: String(channel.team_id) })),
    complete: false,
    // What the filter picks of a team, not the team: its own line tells how far it was read whole, and stays.
    refused: refused.map((one) => ({ ...one, partition: filteredPart(one.partition, args.options, 'channel_filter') })),
  }
}

/**
 * Asks for the team itself, once a session: the only proof that one missing from the list is gone (reference §4: lists
 * lag, and a 404 may pass, so one that decides is asked for again).
 */
export function lookAtTeam({ team_id }: Partition, args: Args, again: boolean): Promise<Sighting> {
  const teamId = String(team_id)
  const { connection, signal, session } = args
  const call = { kind: 'team' as const, teamId, signal, retryNotFound: again }
  return session.once(`team ${teamId} ${again}`, () =>
    sightingOf(connection.get(['teams', teamId], { $select: 'id' }, call)),
  )
}

/**
 * Asks for the channel itself, unless its team is not there: that answers for all its channels. A partition without a
 * channel stands for a team whose channels could not be listed, and is looked for as a team.
 */
export async function lookAtChannel(partition: Partition, args: Args, again: boolean): Promise<Sighting> {
  const team = await lookAtTeam(partition, args, again)
  if (partition.channel_id === undefined || team.state === 'absent') return team
  const { connection, signal } = args
  const [teamId, channelId] = [String(partition.team_id), String(partition.channel_id)]
  const call = { kind: 'channel' as const, teamId, channelId, signal, retryNotFound: again }
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
    const date = teams === undefined ? (await listedTeams(args)).date : await timeOfLook(teams, args)
    if (date === undefined) throw new NoServerDateError('Microsoft Graph')
    return date
  })
}

/** Any answer will do, a refusal too; a team that cannot be asked at all leaves it to the next one. */
async function timeOfLook(teams: readonly string[], args: Args): Promise<Instant | undefined> {
  let trouble: unknown
  for (const teamId of teams) {
    try {
      await lookAtTeam(teamPartition(teamId), args, false)
      return args.connection.lastDate
    } catch (error) {
      args.signal.throwIfAborted()
      if (!isParleyError(error) || error.kind !== 'source') throw error
      trouble = error
    }
  }
  throw trouble
}
