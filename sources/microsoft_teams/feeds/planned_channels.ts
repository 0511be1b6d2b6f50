import type { Partition, ReadArgs, RefusedPartition } from '../../../libs/connect/feed.ts'
import type { GraphClient } from '../client.ts'
import { filterOf } from './filters.ts'
import { channelsOfTeams } from './team_channels.ts'

export interface PlannedChannels {
  /** `{ id: '<team>/<channel>', team_id, channel_id }`. */
  partitions: Partition[]
  /** Teams whose channels could not be listed. */
  refused: RefusedPartition[]
}

/**
 * One partition a channel of these teams: those that channel_id names and channel_filter lets through; without both
 * every one. What channel_id names is taken as it is, without a list: a channel's id says nothing about its team, so its
 * declaration (`withOne`) lets it come with a single team only.
 *
 * @throws FilterRejectedError
 */
export async function plannedChannels(
  teams: readonly Partition[],
  args: ReadArgs<GraphClient>,
): Promise<PlannedChannels> {
  const asked = args.options.channel_id as string[] | undefined
  if (asked !== undefined && filterOf(args.options, 'channel_filter') === undefined) {
    const partitions = teams.flatMap((team) =>
      asked.map((channel) => ({ ...channelPartition(team, channel), asked: true })),
    )
    return { partitions, refused: [] }
  }
  const { listed, refused } = await channelsOfTeams(teams, args)
  const partitions = listed.flatMap(({ team, channels }) =>
    channels.filter(({ id }) => asked?.includes(id) ?? true).map(({ id }) => channelPartition(team, id)),
  )
  // Who asks for channels that are all there misses none.
  const found = new Set(partitions.map(({ channel_id }) => channel_id))
  const missed = asked?.every((id) => found.has(id)) ? refused.filter(({ partly }) => partly !== true) : refused
  return { partitions, refused: missed }
}

export function channelPartition(team: Partition, channelId: string): Partition {
  const teamId = String(team.team_id)
  return { id: `${teamId}/${channelId}`, team_id: teamId, channel_id: channelId }
}
