import type { Instant } from '../../../libs/connect/instant.ts'
import { isVoice } from './channel_kinds.ts'
import { CHANNEL } from './codes.ts'
import type { Channel, Guild, Member } from './model.ts'
import { type Asker, BIT, basePermissions, channelPermissions } from './permissions.ts'

/** What a member may see, worked out from roles and overwrites whenever it is asked (reference §5, §10). */
export class Viewer {
  #guild: Guild
  #asker: Asker | null
  #base: bigint
  /** By channel: a list asks for the same parent again and again. */
  #known = new Map<Channel, bigint>()

  constructor(guild: Guild, member: Member | undefined, now: Instant) {
    this.#guild = guild
    this.#asker = member
      ? {
          userId: member.user.id,
          isOwner: guild.ownerId === member.user.id,
          roleIds: member.roles,
          timedOut: member.timedOutUntil > now,
        }
      : null
    this.#base = this.#asker ? basePermissions(guild.id, guild.roles, this.#asker) : 0n
  }

  get isMember(): boolean {
    return this.#asker !== null
  }

  get base(): bigint {
    return this.#base
  }

  /** Threads have the overwrites of their parent and none of their own. */
  permissions(channel: Channel): bigint {
    if (!this.#asker) return 0n
    const overwritten = channel.thread ? channel.parent! : channel
    let permissions = this.#known.get(overwritten)
    if (permissions === undefined) {
      permissions = channelPermissions(this.#base, this.#guild.id, overwritten.overwrites, this.#asker)
      this.#known.set(overwritten, permissions)
    }
    return permissions
  }

  may(channel: Channel, bit: bigint): boolean {
    return (this.permissions(channel) & bit) === bit
  }

  /** A category shows when anything in it does; a private thread to who is in it or manages threads. */
  sees(channel: Channel): boolean {
    if (channel.type === CHANNEL.CATEGORY && !this.may(channel, BIT.VIEW_CHANNEL))
      return this.#guild.channels.some((child) => child.parent === channel && this.may(child, BIT.VIEW_CHANNEL))
    if (!this.may(channel, BIT.VIEW_CHANNEL)) return false
    if (channel.type !== CHANNEL.PRIVATE_THREAD) return true
    return channel.thread!.members.has(this.#asker!.userId) || this.may(channel, BIT.MANAGE_THREADS)
  }

  /** Voice and stage channels have to be joinable for their text to be readable. */
  enters(channel: Channel): boolean {
    return this.sees(channel) && (!isVoice(channel) || this.may(channel, BIT.CONNECT))
  }

  readsHistory(channel: Channel): boolean {
    return this.may(channel, BIT.READ_MESSAGE_HISTORY)
  }
}
