import pLimit from 'p-limit'
import type { Partition, ReadArgs, Refusal, Sighting } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { refusalOfGuild, removedFrom } from './guild_view.ts'
import { lookAtGuild } from './planned_guilds.ts'
import { sightingOf } from './refusal.ts'

type Args = ReadArgs<DiscordClient>

const UNKNOWN_CHANNEL = 10_003

/**
 * Asks for a channel or thread itself: only 10003 says that it was deleted, 50001 that the bot may not see it. Who may not
 * see a guild may not see its channels, and who may not see a channel not its threads: each is asked once, since refusals
 * count (reference §8).
 */
export async function lookAtContainer(partition: Partition, args: Args, again = false): Promise<Sighting> {
  const { channel_id = partition.archive_of, guild_id } = partition
  if (channel_id === undefined) return lookAtGuild(partition, args)
  if (guild_id === undefined) return lookAtChannel(partition, args, again)
  const shut = await refusalOfGuild(String(guild_id), args)
  if (shut?.status === 403) return { state: 'refused', refusal: shut }
  if (shut === null) return lookAtChannel(partition, args, again)
  // One after the other: what the first is told may spare the others.
  const turn = await args.session.once(`turns in ${guild_id}`, async () => pLimit(1))
  return turn(() => lookInLost(partition, args, again))
}

/**
 * A guild whose list of channels is not found was deleted, and its channels do not exist; or it has removed the bot: then
 * the first channel that is refused answers for the others.
 */
async function lookInLost(partition: Partition, args: Args, again: boolean): Promise<Sighting> {
  const none: { refusal: Refusal | null } = { refusal: null }
  const first = await args.session.once(`first refused of ${partition.guild_id}`, async () => none)
  if (first.refusal !== null) return { state: 'refused', refusal: first.refusal }
  const sighting = await lookAtChannel(partition, args, again)
  if (sighting.state !== 'refused' || sighting.refusal.status !== 403) return sighting
  first.refusal = removedFrom(String(partition.guild_id), sighting.refusal)
  return { state: 'refused', refusal: first.refusal }
}

async function lookAtChannel(
  { channel_id, archive_of, below }: Partition,
  args: Args,
  again: boolean,
): Promise<Sighting> {
  const id = String(channel_id ?? archive_of)
  if (below === undefined) return lookAt(['channels', id], args)
  const above = await lookAt(['channels', below], args)
  return above.state === 'refused' ? above : again ? lookAt(['channels', id], args) : lookAtThread(id, below, args)
}

/** Refusals of threads of one channel, and of all in a run, after which the others are believed to be refused alike. */
const MAX_REFUSED_BELOW = 5
const MAX_REFUSED = 100

/**
 * Private threads that the bot is not in any more are in no list, each is refused, and refusals count (reference §8): of
 * those of a busy channel, asked for one by one in every run, an address would be blocked. One that a look has found
 * deleted before is asked for in any case.
 */
async function lookAtThread(id: string, below: string, args: Args): Promise<Sighting> {
  const none = async (): Promise<{ count: number; last?: Refusal }> => ({ count: 0 })
  const here = await args.session.once(`refused threads of ${below}`, none)
  const all = await args.session.once('refused threads', none)
  const known = here.count >= MAX_REFUSED_BELOW ? here.last : all.count >= MAX_REFUSED ? all.last : undefined
  if (known !== undefined) {
    const message = `The bot may not see thread ${id}, as it seems: it was not asked for, after others were refused.`
    return { state: 'refused', refusal: { ...known, message } }
  }
  const sighting = await lookAt(['channels', id], args)
  if (sighting.state !== 'refused') return sighting
  for (const count of [here, all]) {
    count.count++
    count.last = sighting.refusal
  }
  return sighting
}

function lookAt(path: readonly string[], { connection, session, signal }: Args): Promise<Sighting> {
  return session.once(`look ${path.join('/')}`, async () => {
    const sighting = await sightingOf(connection.get(path, {}, { signal }), UNKNOWN_CHANNEL)
    if (sighting.state !== 'refused' || path[0] !== 'channels' || sighting.refusal.status !== 403) return sighting
    return { state: 'refused', refusal: hidden(path[1]!, sighting.refusal) }
  })
}

function hidden(id: string, refusal: Refusal): Refusal {
  const message = `The bot may not see channel ${id} any more, or it is a private thread that the bot is not in.`
  const remedy = 'Give a role of the bot View Channel there, or add the bot to the thread.'
  return { ...refusal, message, remedy }
}
