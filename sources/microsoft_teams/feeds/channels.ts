import { channels } from '../tables/channels.ts'
import { discoverTeams, lookAtTeam } from './discovery.ts'
import { filteredPart } from './filters.ts'
import { isRow } from './graph_page.ts'
import { defineListFeed } from './list_feed.ts'

/** Asked for by name, because a list without $select computes the costly `email` (reference §2.2). `summary` is for single channels only. */
const SELECT = Object.keys(channels.schema.fields).filter((name) => !['team_id', 'summary', 'email'].includes(name))

/** The channels that each team hosts. */
export const channelsFeed = defineListFeed({
  table: channels,
  filter: 'channel_filter',
  // What channel_filter lets through is said by the list itself.
  async discover(args) {
    const { partitions, complete } = await discoverTeams({
      ...args,
      options: { ...args.options, channel_filter: undefined },
    })
    return { partitions: partitions.map((one) => filteredPart(one, args.options, 'channel_filter')), complete }
  },
  look: lookAtTeam,
  list(partition, options) {
    const { team_id, channel_id } = partition
    const teamId = String(team_id)
    return {
      path: ['teams', teamId, 'channels'],
      query: { $select: [...SELECT, ...(options.include_channel_email === true ? ['email'] : [])].join(',') },
      call: { kind: 'channels', teamId },
      added: { team_id: teamId },
      // What is no object has no id to tell by: the encoder rejects it where everybody sees it.
      keeps: (row) => channel_id === undefined || !isRow(row) || row.id === channel_id,
    }
  },
})
