import { holdsMessages, isThread } from '../channel_kinds.ts'
import { CHANNEL } from '../codes.ts'
import type { Context } from '../context.ts'
import type { Channel, Guild, Message, Thread, User } from '../model.ts'
import type { ChannelKey, MessageKey } from '../mutation_types.ts'

const ATTEMPTS = 200

type ThreadChannel = Channel & { thread: Thread }

/** Finds what a change is about: what was named, or something drawn from the seed. Throws TypeError where there is none. */
export class Targets {
  #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  guild(id?: string): Guild {
    const { world } = this.#context
    if (id !== undefined) return found(world.guild(id), `guild ${id}`)
    return this.#draw(world.guilds, 'guild')
  }

  /** A named channel or thread of any kind. */
  named(id: string): Channel {
    return found(this.#context.world.channel(id), `channel ${id}`)
  }

  channel(target: Partial<ChannelKey>, fits: (channel: Channel) => boolean, what = 'channel'): Channel {
    if (target.channel_id !== undefined) return this.named(target.channel_id)
    const guilds = target.guild_id === undefined ? this.#context.world.guilds : [this.guild(target.guild_id)]
    return this.#draw(guilds.flatMap(({ channels }) => channels).filter(fits), what)
  }

  thread(target: Partial<ChannelKey>, fits: (thread: ThreadChannel) => boolean): ThreadChannel {
    if (target.channel_id !== undefined) {
      const named = this.named(target.channel_id)
      if (isThread(named)) return named
      return this.#draw(this.#context.world.threads.of(named).filter(fits), 'thread in this channel')
    }
    const guilds = target.guild_id === undefined ? this.#context.world.guilds : [this.guild(target.guild_id)]
    const threads = guilds.flatMap((guild) => guild.threads).filter(isThread)
    return this.#draw(threads.filter(fits), 'thread')
  }

  /** A place that somebody can write into now. */
  writable(target: Partial<ChannelKey>): Channel {
    if (target.channel_id !== undefined) return this.named(target.channel_id)
    const guild = this.guild(target.guild_id)
    const threads = guild.threads.filter((thread) => !thread.thread!.archived)
    return this.#draw([...guild.channels.filter(holdsMessages), ...threads], 'channel that holds messages')
  }

  /** The named message, or one that fits; `fits` does not apply to a named one. */
  message(target: Partial<MessageKey>, fits: (message: Message) => boolean = () => true): Message {
    if (target.id !== undefined) return this.#namedMessage(target, target.id)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { messages } = this.writable(target)
      const message = messages[this.#context.random.below(messages.length)]
      if (message && fits(message)) return message
    }
    throw new TypeError('The simulator holds no message that fits this change.')
  }

  #namedMessage({ channel_id }: Partial<MessageKey>, id: string): Message {
    const { world } = this.#context
    if (channel_id === undefined) throw new TypeError('A message is named by channel_id and id.')
    return found(world.message(this.named(channel_id), id), `message ${id}`)
  }

  user(id?: string): User {
    const { world } = this.#context
    if (id !== undefined)
      return found(id === this.#context.access.bot.id ? this.#context.access.bot : world.userById(id), `user ${id}`)
    return this.#draw(world.users, 'user')
  }

  /** Somebody who is in the guild and is no bot. */
  member(guild: Guild): User {
    const people = [...guild.members.values()].map(({ user }) => user).filter((user) => !user.bot)
    return people.length > 0 ? this.#draw(people, 'member') : this.user()
  }

  #draw<T>(things: readonly T[], name: string): T {
    return found(things[this.#context.random.below(things.length)], name)
  }
}

export function keyOf(message: Message): MessageKey {
  return { guild_id: message.place.guild.id, channel_id: message.place.id, id: message.id }
}

export function channelKey(channel: Channel): ChannelKey {
  return { guild_id: channel.guild.id, channel_id: channel.id }
}

export function isCategory(channel: Channel): boolean {
  return channel.type === CHANNEL.CATEGORY
}

export function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new TypeError(`The simulator holds no ${name}.`)
  return thing
}
