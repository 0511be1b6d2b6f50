import pLimit from 'p-limit'
import type { Discovery, Partition, ReadArgs } from '../../../libs/connect/feed.ts'
import type { DiscordClient } from '../client.ts'
import { askedChannels } from './asked_channels.ts'
import { HOLDS_MESSAGES, THREADS } from './channel_types.ts'
import { guildLine, namelessIn, partitionOf, untoldArchives } from './container.ts'
import { channelsOf, ofServer, standingIn } from './guild_view.ts'
import { type DiscordRow, hasId, type IdRow, textOf } from './json_rows.ts'
import { guildPartition, plannedGuilds } from './planned_guilds.ts'
import { refusalOrTrouble } from './refusal.ts'
import { refusalIn } from './rights.ts'
import { threadsOf } from './thread_lists.ts'

type Args = ReadArgs<DiscordClient>

const DEFAULT_WORKERS = 10

/** One partition a channel or thread that holds messages; those that may not be read are refused without being asked. */
export async function discoverContainers(args: Args): Promise<Discovery> {
  const asked = args.options.channel_id as string[] | undefined
  if (asked !== undefined) return discoverAsked(asked, args)
  const guilds = await plannedGuilds(args)
  const found = await inGuilds(guilds.partitions, () => true, args)
  return { ...found, complete: guilds.complete }
}

/** Channels that an option names, with what is below them: threads of a channel or forum, channels of a category. */
async function discoverAsked(asked: readonly string[], args: Args): Promise<Discovery> {
  const { guilds, alone, ...answers } = await askedChannels(asked, args)
  const found = await inGuilds(guilds.map(guildPartition), (line) => line.some((id) => asked.includes(id)), args)
  // One that its server's list shows is read by that list, whatever it said a moment before or after: it cannot be both.
  const shown = new Set(found.partitions.map(({ id }) => id))
  const refused = answers.refused.filter(({ partition }) => !shown.has(partition.id))
  const listed = new Set([...found.partitions, ...found.refused.map(({ partition }) => partition)].map(({ id }) => id))
  // A private thread that the bot may read is in no list of those who are not in it.
  const others = alone
    .filter(hasId)
    .filter(({ id, type }) => !listed.has(id) && (HOLDS_MESSAGES.has(type) || THREADS.has(type)))
    .map((row) => partitionOf(String(row.guild_id), row))
  // They answered themselves: their guild need not be listed to know that they, and what is below them, are in no list.
  const shut = new Set(refused.filter(({ failed }) => failed !== true).map(({ partition }) => partition.id))
  return {
    partitions: [...found.partitions, ...others].map((one) => ({ ...one, _part: true })),
    complete: false,
    refused: [...refused, ...found.refused],
    standsFor: (known) => shut.has(known.id) || shut.has(known.below ?? '') || found.standsFor(known),
  }
}

type Found = Required<Pick<Discovery, 'partitions' | 'refused'>>

/** Whether a channel is meant, by its id and those of what it is in: its channel, its category. */
type IsWanted = (line: readonly string[]) => boolean

/** Stands for what it wants of the guilds whose lists all answered. Threads of an archive that did not are refused with it. */
async function inGuilds(
  guilds: readonly Partition[],
  isWanted: IsWanted,
  args: Args,
): Promise<Found & Required<Pick<Discovery, 'standsFor'>>> {
  const limit = pLimit(args.workers ?? DEFAULT_WORKERS)
  const lines = new Map<string, LineOf>()
  const find = async (guildId: string) => {
    const { lineOf, ...found } = await inGuild(guildId, isWanted, args)
    lines.set(guildId, lineOf)
    return found
  }
  const found = await Promise.all(guilds.map((guild) => limit(() => whereTold(guild, args, find, guildLine(guild)))))
  return {
    partitions: found.flatMap(({ partitions }) => partitions),
    refused: found.flatMap(({ refused }) => refused),
    standsFor: (known) => {
      const lineOf = lines.get(String(known.guild_id))
      return lineOf !== undefined && isWanted(lineOf(known))
    },
  }
}

/** Ids of a partition of an earlier run and of what it is in: as it is listed now, else as it was then. */
type LineOf = (known: Partition) => readonly string[]

async function inGuild(guildId: string, isWanted: IsWanted, args: Args): Promise<Found & { lineOf: LineOf }> {
  const [channels, lists, standing] = await Promise.all([
    channelsOf(guildId, args),
    threadsOf(guildId, args),
    standingIn(guildId, args),
  ])
  const byId = new Map(channels.filter(hasId).map((channel) => [channel.id, channel]))
  const parentOf = (row: DiscordRow | undefined) => byId.get(textOf(row, 'parent_id') ?? '')
  const lineOf = (row: DiscordRow) =>
    [row, parentOf(row), parentOf(parentOf(row))].flatMap((one) =>
      [textOf(one, 'id') ?? [], textOf(one, 'parent_id') ?? []].flat(),
    )
  const found: Found = { partitions: [], refused: [] }
  const place = (row: IdRow, ruling: DiscordRow | undefined) => {
    if (!isWanted(lineOf(row))) return
    const partition = partitionOf(guildId, row, parentOf(row))
    // Named after the channel, where the right is to be given: a thread has no settings of its own.
    const refusal = standing && ruling ? refusalIn(standing, ruling) : null
    if (refusal === null) found.partitions.push(partition)
    else found.refused.push({ partition, refusal })
  }
  for (const channel of byId.values()) if (HOLDS_MESSAGES.has(channel.type)) place(channel, channel)
  // Threads have the rights of their channel.
  for (const thread of lists.threads.values()) place(thread, parentOf(thread))
  // A channel that is refused by itself stands for what is below it.
  const untold = lists.untold.filter(({ channel, ofChannel }) => ofChannel !== true && isWanted(lineOf(channel)))
  const nameless = channels.filter((channel) => !hasId(channel)).length
  found.refused.push(...untoldArchives(guildId, { untold }), ...namelessIn(guildId, nameless, lists.nameless.size))
  const lineNow = (id: string) => {
    const row = byId.get(id) ?? lists.threads.get(id)
    return row && lineOf(row)
  }
  const lineThen = ({ id, archive_of, below = archive_of?.toString(), category }: Partition) => {
    const above = below === undefined ? undefined : lineNow(below)
    return [id, ...(above ?? [below ?? [], category?.toString() ?? []].flat())]
  }
  return { ...found, lineOf: (known) => lineNow(known.id) ?? lineThen(known) }
}

/**
 * What is found in a guild. One that answers no, or does not answer, must not hide the others.
 * @param line the partition that is refused in their place
 */
export async function whereTold(
  guild: Partition,
  { signal }: Args,
  find: (guildId: string) => Promise<Found>,
  line = guild,
): Promise<Found> {
  try {
    return await find(String(guild.guild_id))
  } catch (error) {
    const { refusal, failed } = refusalOrTrouble(error, signal)
    return { partitions: [], refused: [{ partition: line, refusal: ofServer(refusal, guild), failed }] }
  }
}
