import type { Instant } from '../../../../libs/connect/instant.ts'
import { CHANNEL } from '../codes.ts'
import type { Channel, Guild } from '../model.ts'
import { BIT } from '../permissions.ts'
import type { World } from '../world.ts'

const PER_CATEGORY = 40

export interface GuildShape {
  /** Channels that hold messages. */
  channels: number
  forums: number
  at: Instant
}

/** Kinds of channels in turn: the first is text, and small guilds have some of all. */
const KINDS = [
  CHANNEL.TEXT,
  CHANNEL.TEXT,
  CHANNEL.ANNOUNCEMENT,
  CHANNEL.VOICE,
  CHANNEL.TEXT,
  CHANNEL.STAGE,
  CHANNEL.TEXT,
  CHANNEL.TEXT,
]

/** Categories with channels of every kind; one is for moderators and the bot only. */
export function buildChannels(world: World, guild: Guild, { channels, forums, at }: GuildShape): void {
  let category: Channel | null = null
  const inCategory = (index: number): Channel => {
    if (index % PER_CATEGORY === 0 || !category)
      category = world.addChannel(guild, { type: CHANNEL.CATEGORY, name: `Deck ${1 + index / PER_CATEGORY}`, at })
    return category
  }
  for (let index = 0; index < channels; index++) {
    const parent = inCategory(index)
    const type = KINDS[index % KINDS.length]!
    const channel = world.addChannel(guild, { type, name: nameOf(type, index), at, parent })
    if (type === CHANNEL.TEXT) channel.topic = index % 3 === 0 ? null : `All about ${channel.name}`
    if (index % 8 === 4) onlyFor(guild, channel)
  }
  for (let index = 0; index < forums; index++) {
    const type = index % 2 === 0 ? CHANNEL.FORUM : CHANNEL.MEDIA
    const parent = inCategory(channels + index)
    addForum(world, guild, { type, name: nameOf(type, index), at, parent })
  }
}

export function addForum(world: World, guild: Guild, forum: Parameters<World['addChannel']>[1]): Channel {
  const channel = world.addChannel(guild, forum)
  channel.tags = ['question', 'solved'].map((name) => ({ id: world.ids.next(forum.at), name }))
  return channel
}

/** Everybody is denied, two roles are allowed: moderators and the bot's own. */
export function onlyFor(guild: Guild, channel: Channel): void {
  const [everyone, , moderators] = guild.roles
  const own = guild.roles.find((role) => role.botId !== null)!
  channel.overwrites = [
    { id: everyone!.id, type: 0, allow: 0n, deny: BIT.VIEW_CHANNEL },
    { id: moderators!.id, type: 0, allow: BIT.VIEW_CHANNEL, deny: 0n },
    { id: own.id, type: 0, allow: BIT.VIEW_CHANNEL, deny: 0n },
  ]
}

function nameOf(type: number, index: number): string {
  const names: Readonly<Record<number, string>> = {
    [CHANNEL.TEXT]: index === 0 ? 'general' : `talk-${index}`,
    [CHANNEL.ANNOUNCEMENT]: `news-${index}`,
    [CHANNEL.VOICE]: `Voice ${index}`,
    [CHANNEL.STAGE]: `Stage ${index}`,
    [CHANNEL.FORUM]: `help-${index}`,
    [CHANNEL.MEDIA]: `pictures-${index}`,
  }
  return names[type]!
}
