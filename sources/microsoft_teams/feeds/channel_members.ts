import type { Partition } from '../../../libs/connect/feed.ts'
import { channelMembers } from '../tables/channel_members.ts'
import { discoverChannels } from './discover_channels.ts'
import { lookAtChannel } from './discovery.ts'
import { filteredPart } from './filters.ts'
import { defineListFeed } from './list_feed.ts'
import { MEMBERS_PER_PAGE } from './members.ts'

/** The direct members of each channel. */
export const channelMembersFeed = defineListFeed({
  table: channelMembers,
  filter: 'member_filter',
  async discover(args) {
    const { partitions, ...rest } = await discoverChannels(args)
    return { ...rest, partitions: partitions.map((one) => filteredPart(one, args.options, 'member_filter')) }
  },
  look: lookAtChannel,
  list({ team_id, channel_id }) {
    // A team whose channels could not be listed, and now has none.
    if (channel_id === undefined) return null
    const [teamId, channelId] = [String(team_id), String(channel_id)]
    return {
      path: ['teams', teamId, 'channels', channelId, 'members'],
      query: { $top: MEMBERS_PER_PAGE },
      call: { kind: 'channel_members', teamId, channelId },
      added: { team_id: teamId, channel_id: channelId },
    }
  },
  rootOf: ({ team_id }) => String(team_id),
  covers: isTeamOf,
})

/**
 * A team stands for its channels while their list is refused, and is history as soon as one of them is read:
 * neither is then asked for by itself.
 */
function isTeamOf(by: Partition, known: Partition): boolean {
  return by.team_id === known.team_id && (by.channel_id === undefined) !== (known.channel_id === undefined)
}
