import pLimit from 'p-limit'
import type { Partition, ReadArgs, RefusedPartition } from '../../../libs/connect/feed.ts'
import { listIncomplete } from '../../../libs/connect/list_incomplete.ts'
import { followPages } from '../../../libs/http/paging.ts'
import type { GraphApi } from '../client.ts'
import { blamingFilter, filterQuery, listKey } from './filters.ts'
import { createdOf, type GraphRow, graphPage, isRow } from './graph_page.ts'
import { asRefusal, isFailure } from './refusal.ts'
import { ServiceWatch } from './service_watch.ts'

type Args = ReadArgs<GraphApi>

/** What plans need of a channel. */
export interface ChannelFacts {
  id: string
  /** `standard`, `private`, `shared` …; empty where the API does not say. */
  membershipType: string
  /** Epoch ms; null where the API does not say. */
  created: number | null
}

/** A list as it came. */
export interface ListedChannels {
  channels: ChannelFacts[]
  /** Rows without an id: channels that nobody can ask for. */
  nameless: number
}

/** Lists at the same time, before the limiter: planning waits for all of them. */
const LISTS_AT_ONCE = 16

/** Asked for by name: without $select the list computes the costly `email` (reference §2.2). */
const SELECT = 'id,membershipType,createdDateTime'

/**
 * The channels that a team hosts and channel_filter lets through, asked once a session.
 * @throws GraphError when the API refuses the list, FilterRejectedError
 */
export function channelsOf(teamId: string, args: Args): Promise<ListedChannels> {
  const key = listKey(`channels of ${teamId}`, args.options, 'channel_filter')
  return args.session.once(key, () => listChannels(teamId, args))
}

/** The same, asked now. */
export async function listChannels(
  teamId: string,
  { connection, options, signal }: Omit<Args, 'session'>,
): Promise<ListedChannels> {
  const call = { kind: 'channels' as const, teamId, signal, retryNotFound: true }
  const query = { $select: SELECT, ...filterQuery(options, 'channel_filter') }
  const channels = new Map<string, ChannelFacts>()
  const pages = followPages({
    first: () =>
      blamingFilter(
        options,
        'channel_filter',
        connection.get(['teams', teamId, 'channels'], query, call).then(graphPage),
      ),
    follow: (link) => connection.follow(link, call).then(graphPage),
  })
  let nameless = 0
  for await (const page of pages) {
    for (const row of page.rows) {
      if (isRow(row) && typeof row.id === 'string') channels.set(row.id, factsOf(row))
      else nameless += 1
    }
  }
  return { channels: [...channels.values()], nameless }
}

function factsOf(row: GraphRow): ChannelFacts {
  const created = createdOf(row)
  return {
    id: String(row.id),
    membershipType: typeof row.membershipType === 'string' ? row.membershipType : '',
    created: Number.isNaN(created) ? null : created,
  }
}

/** One team's channels. */
export interface TeamChannels {
  team: Partition
  channels: ChannelFacts[]
}

/**
 * The channels of many teams; teams that refuse, or fail for themselves, are apart. A list with a nameless row is both: its
 * other channels are listed, and the team is apart as well, so that the channel without a name is not lost unseen.
 * @throws what concerns all of them, also when the service goes away in the middle
 */
export async function channelsOfTeams(
  teams: readonly Partition[],
  args: Args,
): Promise<{ listed: TeamChannels[]; refused: RefusedPartition[] }> {
  const limit = pLimit(LISTS_AT_ONCE)
  const service = new ServiceWatch((teamId) => listChannels(teamId, args))
  const list = async (team: Partition): Promise<(TeamChannels | RefusedPartition)[]> => {
    try {
      const { channels, nameless } = await channelsOf(String(team.team_id), args)
      service.answered(String(team.team_id))
      return nameless === 0 ? [{ team, channels }] : [{ team, channels }, incomplete(team, nameless)]
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal !== null) return [{ partition: team, refusal }]
      if (!isFailure(error, args.signal) || (await service.isGoneAfterFailure())) {
        // The others would each try for as long as this one did, for nobody.
        limit.clearQueue()
        throw error
      }
      const { code, message, remedy } = error
      return [{ partition: team, refusal: { code, status: 0, message, remedy }, failed: true }]
    }
  }
  const answers = (await Promise.all(teams.map((team) => limit(() => list(team))))).flat()
  return {
    listed: answers.filter((answer) => 'channels' in answer),
    refused: answers.filter((answer) => 'refusal' in answer),
  }
}

function incomplete(team: Partition, nameless: number): RefusedPartition {
  return { partition: team, refusal: listIncomplete('channel', nameless), failed: true, partly: true }
}
