import type { Discovery, Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import type { GraphClient } from '../client.ts'
import { discoverTeams } from './discovery.ts'
import { filterOf } from './filters.ts'
import { teamPartition } from './planned_teams.ts'
import { type ChannelFacts, channelsOfTeams, type TeamChannels } from './team_channels.ts'

type Args = ReadArgs<GraphClient>
export type ChannelMode = 'delta' | 'list'

/**
 * Partitions by `read_mode`: teams for the export, channels for delta and list. `auto` takes the export, and the
 * shared channels that it leaves out one by one; a team whose export is refused is replaced later, see `fallback.ts`.
 */
export async function discoverMessages(args: Args): Promise<Discovery> {
  const mode = args.options.read_mode
  const found = await discoverTeams(args)
  if (mode === 'export') return found
  if (picksChannels(args)) return pickedChannels(found, args)
  const { listed, refused } = await channelsOfTeams(found.partitions, args)
  if (mode === 'auto') {
    const unknown = new Set(refused.map(({ partition }) => partition.id))
    const teams = found.partitions.map((team) => (unknown.has(team.id) ? { ...team, channels_unknown: true } : team))
    const shared = listed.map(({ team, channels }) => ({ team, channels: channels.filter(isShared) }))
    return { ...found, partitions: [...teams, ...inTurns(shared, tokenMode(args))] }
  }
  return { ...found, partitions: inTurns(listed, mode as ChannelMode), refused: [...(found.refused ?? []), ...refused] }
}

const picksChannels = ({ options }: Args) =>
  options.channel_id !== undefined || filterOf(options, 'channel_filter') !== undefined

/** Channels that an option names or lets through: by themselves in every mode. */
async function pickedChannels(found: Discovery, args: Args): Promise<Discovery> {
  const { read_mode: mode } = args.options
  if (mode !== 'auto')
    return { ...found, partitions: found.partitions.map((part) => ({ ...part, read_mode: String(mode) })) }
  const teams = [...new Set(found.partitions.map(({ team_id }) => String(team_id)))].map(teamPartition)
  const { listed } = await channelsOfTeams(teams, args)
  const shared = new Set(
    listed.flatMap(({ team, channels }) => channels.filter(isShared).map(({ id }) => `${team.id}/${id}`)),
  )
  const withMode = (part: Partition): Partition =>
    shared.has(part.id) ? { ...part, ...SHARED, read_mode: tokenMode(args) } : part
  return { ...found, partitions: found.partitions.map(withMode) }
}

const SHARED = { shared: true }
export const isShared = ({ membershipType }: ChannelFacts) => membershipType === 'shared'

/** Spark's offsets hold times only, so a token would not outlive the read. */
export const tokenMode = ({ timesOnly }: Args): ChannelMode => (timesOnly === true ? 'list' : 'delta')

/** One channel of each team after the other: the first ones to be read must not all count against one team's limit. */
function inTurns(teams: readonly TeamChannels[], read_mode: ChannelMode): Partition[] {
  const partitions: Partition[] = []
  const longest = Math.max(0, ...teams.map(({ channels }) => channels.length))
  for (let turn = 0; turn < longest; turn++) {
    for (const { team, channels } of teams) {
      const channel = channels[turn]
      if (channel !== undefined) partitions.push(channelPartition(String(team.team_id), channel, { read_mode }))
    }
  }
  return partitions
}

/** A channel that is read by itself. */
export function channelPartition(
  team_id: string,
  channel: ChannelFacts,
  more: { read_mode: ChannelMode; because?: string },
): Partition {
  return {
    id: `${team_id}/${channel.id}`,
    team_id,
    channel_id: channel.id,
    ...more,
    ...(isShared(channel) ? SHARED : {}),
  }
}

/** A team reads its channels, and the channels of a team read it; shared ones are nobody else's. See `FeedDefinition.covers`. */
export function covers(by: Partition, known: Partition): boolean {
  if (by.team_id !== known.team_id || by.within !== undefined || known.within !== undefined) return false
  const [channel, team] = by.channel_id === undefined ? [known, by] : [by, known]
  return channel.channel_id !== undefined && team.channel_id === undefined && channel.shared !== true
}

/** How a partition is read where that is not the export of its team. See `FeedDefinition.note`. */
export function noteOn({
  shared,
  because,
  channels_unknown,
  read_mode,
}: Partition): { code: string; message: string } | null {
  if (shared === true) {
    const message = `The export leaves shared channels out: this one is read by ${read_mode}.`
    return { code: 'PARLEY_SHARED_CHANNEL', message }
  }
  if (because !== undefined) {
    return {
      code: 'PARLEY_READ_BY_CHANNEL',
      message: `The export said no to its team (${because}): it is read by ${read_mode}.`,
    }
  }
  if (channels_unknown !== true) return null
  const message =
    'The API does not list all channels of this team: shared ones, which the export leaves out, may not be read.'
  return { code: 'PARLEY_CHANNELS_UNKNOWN', message }
}
