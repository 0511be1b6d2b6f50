import type { Discovery, ReadArgs } from '../../../libs/connect/feed.ts'
import type { GraphClient } from '../client.ts'
import { filterOf } from './filters.ts'
import { plannedChannels } from './planned_channels.ts'
import { plannedTeams } from './planned_teams.ts'

/**
 * One partition a channel, whatever was asked for: team_id, channel_id and the filters make fewer of them, not others.
 * The list is complete where nothing narrows it, also while a team refuses its channels: a feed says with `covers` that
 * such a team stands for them.
 */
export async function discoverChannels(args: ReadArgs<GraphClient>): Promise<Discovery> {
  const { options } = args
  const teams = await plannedTeams(args)
  const { partitions, refused } = await plannedChannels(teams.partitions, args)
  const narrowed = options.channel_id !== undefined || filterOf(options, 'channel_filter') !== undefined
  return { partitions, refused, complete: teams.complete && !narrowed }
}
