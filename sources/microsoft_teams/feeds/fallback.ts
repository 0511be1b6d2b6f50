import type { Discovery, Partition, ReadArgs, Refusal } from '../../../libs/connect/feed.ts'
import type { Session } from '../../../libs/connect/session.ts'
import type { GraphClient } from '../client.ts'
import { BadRequestError } from '../errors/bad_request_error.ts'
import { DeltaUnsupportedError } from '../errors/delta_unsupported_error.ts'
import { type ChannelMode, channelPartition, isShared, tokenMode } from './read_modes.ts'
import { asRefusal } from './refusal.ts'
import { type ChannelFacts, channelsOfTeams } from './team_channels.ts'

type Args = ReadArgs<GraphClient>

/** Channels of a team that are tried before its channels count as refused too. */
const PROBED_CHANNELS = 3
/** Teams that are tried in vain before nothing is expected of the others: then the permission itself is missing. */
const PROBED_TEAMS = 20

/** How the channels of teams that refused their export have answered in a session. */
const tries = new WeakMap<Session, { inVain: number; answered: boolean }>()

/**
 * `auto` only: what to read in place of a partition that said no, decided once a session. A team whose export says
 * no twice is read channel by channel: resource-specific consent, for one, covers a team's channels but never the
 * export (reference §6); if its list names not all of them, the team is told of beside them. Null when that is refused
 * as well.
 */
export async function fallback(partition: Partition, refusal: Refusal, args: Args): Promise<Discovery | null> {
  if (args.options.read_mode !== 'auto') return null
  return args.session.once(`instead of ${partition.id} ${partition.read_mode}`, () =>
    otherMode(partition, refusal, args),
  )
}

const only = (partition: Partition): Discovery => ({ partitions: [partition], complete: false })

async function otherMode(partition: Partition, refusal: Refusal, args: Args): Promise<Discovery | null> {
  if (partition.read_mode === 'delta') return refusal.status === 400 ? only({ ...partition, read_mode: 'list' }) : null
  // A team that is not there has no channels either.
  if (partition.read_mode !== undefined || refusal.status === 404) return null
  const tried = tries.get(args.session) ?? { inVain: 0, answered: false }
  tries.set(args.session, tried)
  if (!tried.answered && tried.inVain >= PROBED_TEAMS) return null
  if ((await probeExport(partition, args)) === null) return null
  const because = refusal.code
  if (partition.channel_id !== undefined) return only({ ...partition, read_mode: tokenMode(args), because })
  const { listed, refused } = await channelsOfTeams([partition], args)
  const channels = (listed[0]?.channels ?? []).filter((channel) => !isShared(channel))
  const teamId = String(partition.team_id)
  const read_mode = await probeChannels(teamId, channels, args)
  if (read_mode !== null) tried.answered = true
  // A list that failed, or names no channel that could be tried, says nothing of the permission.
  else if (channels.length > 0 || refused.every(({ failed }) => failed !== true)) tried.inVain += 1
  if (read_mode === null) return null
  const partitions = channels.map((channel) => channelPartition(teamId, channel, { read_mode, because }))
  return { partitions, complete: false, refused }
}

/** A second request, of the last moment only: one refusal may be a passing one. Null: it was answered. */
function probeExport({ team_id }: Partition, args: Args): Promise<Refusal | null> {
  const teamId = String(team_id)
  const query = { $top: 1, $filter: recently(args) }
  const { connection, signal } = args
  return refusalOf(
    connection.get(['teams', teamId, 'channels', 'getAllMessages'], query, { kind: 'export', teamId, signal }),
  )
}

/** How the channels can be read, tried on a few of them; null: they are refused. */
async function probeChannels(
  teamId: string,
  channels: readonly ChannelFacts[],
  args: Args,
): Promise<ChannelMode | null> {
  const { connection, signal } = args
  for (const { id: channelId } of channels.slice(0, PROBED_CHANNELS)) {
    const call = { kind: 'channel_messages' as const, teamId, channelId, signal }
    const path = ['teams', teamId, 'channels', channelId, 'messages']
    const [mode, request] =
      tokenMode(args) === 'delta'
        ? (['delta', connection.get([...path, 'delta'], { $top: 1, $filter: recently(args) }, call)] as const)
        : (['list', connection.get(path, { $top: 1 }, call)] as const)
    const refusal = await refusalOf(request)
    if (refusal === null) return mode
    // Delta is not offered at all: the list is.
    if (refusal.status === 400) return 'list'
  }
  return null
}

const recently = ({ connection }: Args) => `lastModifiedDateTime gt ${new Date(connection.lastDate ?? 0).toISOString()}`

async function refusalOf(request: Promise<unknown>): Promise<Refusal | null> {
  try {
    await request
    return null
  } catch (error) {
    const refusal = asRefusal(error instanceof BadRequestError ? new DeltaUnsupportedError(error) : error)
    if (refusal === null) throw error
    return refusal
  }
}
