import { isForum } from '../channel_kinds.ts'
import { CHANNEL } from '../codes.ts'
import type { Context } from '../context.ts'
import { addForum } from '../datasets/build_channels.ts'
import type { Channel } from '../model.ts'
import type { ChannelKey, ChannelTarget, PermissionName, PermissionTarget } from '../mutation_types.ts'
import { BIT } from '../permissions.ts'
import { channelKey, isCategory, Targets } from './targets.ts'

/** Changes of channels, and of what the bot may do in them. */
export class ChannelChanges {
  #context: Context
  #targets: Targets

  constructor(context: Context) {
    this.#context = context
    this.#targets = new Targets(context)
  }

  create({ guild_id, name, type = CHANNEL.TEXT, parent_id }: ChannelTarget): ChannelKey {
    const { world, clock } = this.#context
    const guild = this.#targets.guild(guild_id)
    const parent = parent_id === undefined ? null : this.#targets.named(parent_id)
    const channel = { type, name: name ?? `new-channel-${guild.channels.length}`, at: clock.now(), parent }
    const added =
      type === CHANNEL.FORUM || type === CHANNEL.MEDIA
        ? addForum(world, guild, channel)
        : world.addChannel(guild, channel)
    return channelKey(added)
  }

  remove(target: ChannelTarget): ChannelKey {
    const channel = this.#any(target)
    this.#context.world.removeChannel(channel)
    return channelKey(channel)
  }

  rename(target: ChannelTarget): ChannelKey {
    const channel = this.#any(target)
    channel.name = target.name ?? `${channel.name.slice(0, 90)}-renamed`
    return channelKey(channel)
  }

  deny({ permission, ...target }: PermissionTarget): ChannelKey {
    return this.#overwrite(target, permission, true)
  }

  allow({ permission, ...target }: PermissionTarget): ChannelKey {
    return this.#overwrite(target, permission, false)
  }

  #any(target: Partial<ChannelKey>): Channel {
    return this.#targets.channel(target, (channel) => !isCategory(channel) && !isForum(channel))
  }

  /** The bot's own overwrite is stronger than those of its roles; it goes when nothing is denied any more. */
  #overwrite(target: Partial<ChannelKey>, permission: PermissionName, denied: boolean): ChannelKey {
    const named = this.#any(target)
    const channel = named.thread ? named.parent! : named
    const { id } = this.#context.access.bot
    const bit = BIT[permission]
    const own = channel.overwrites.find((overwrite) => overwrite.type === 1 && overwrite.id === id)
    const deny = denied ? (own?.deny ?? 0n) | bit : (own?.deny ?? 0n) & ~bit
    const rest = channel.overwrites.filter((overwrite) => overwrite !== own)
    channel.overwrites = deny === 0n ? rest : [...rest, { id, type: 1, allow: own?.allow ?? 0n, deny }]
    return channelKey(channel)
  }
}
