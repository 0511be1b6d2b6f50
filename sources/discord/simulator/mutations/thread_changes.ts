import type { Instant } from '../../../../libs/connect/instant.ts'
import { isForum, parentsThreads } from '../channel_kinds.ts'
import { CHANNEL, FLAG } from '../codes.ts'
import type { Context } from '../context.ts'
import { sentence } from '../datasets/words.ts'
import type { Channel, Message, Thread } from '../model.ts'
import type { ChannelKey, ThreadTarget } from '../mutation_types.ts'
import { startThread } from '../thread_making.ts'
import { isWritten } from './message_changes.ts'
import { channelKey, Targets } from './targets.ts'

type ThreadChannel = Channel & { thread: Thread }

/** Changes of threads. */
export class ThreadChanges {
  #context: Context
  #targets: Targets

  constructor(context: Context) {
    this.#context = context
    this.#targets = new Targets(context)
  }

  create(target: ThreadTarget): ChannelKey {
    const { world, random, access } = this.#context
    const fits = target.private ? (channel: Channel) => channel.type === CHANNEL.TEXT : parentsThreads
    const parent = this.#targets.channel(target, fits, 'channel that can have threads')
    if (!fits(parent)) throw new TypeError('This channel cannot have such a thread.')
    const at = target.at ?? this.#now()
    const from = this.#startOf(target, parent)
    const thread = startThread(world, parent, {
      name: target.name ?? `New thread ${world.threads.of(parent).length}`,
      owner: this.#targets.member(parent.guild),
      at,
      private: target.private ?? false,
      content: target.content ?? sentence(random),
      ...(from ? { from } : {}),
    })
    if (target.joined) thread.thread.members.set(access.bot.id, at * 1000)
    return channelKey(thread)
  }

  archive(target: ThreadTarget): ChannelKey {
    const channel = this.#targets.thread(target, ({ thread }) => !thread.archived)
    this.#setArchived(channel, true, target)
    return channelKey(channel)
  }

  unarchive(target: ThreadTarget): ChannelKey {
    const channel = this.#targets.thread(target, ({ thread }) => thread.archived && !thread.locked)
    this.#setArchived(channel, false, target)
    return channelKey(channel)
  }

  lock(target: ThreadTarget): ChannelKey {
    const channel = this.#targets.thread(target, ({ thread }) => !thread.locked)
    channel.thread.locked = true
    if (!channel.thread.archived) this.#setArchived(channel, true, target)
    return channelKey(channel)
  }

  unlock(target: ThreadTarget): ChannelKey {
    const channel = this.#targets.thread(target, ({ thread }) => thread.locked)
    channel.thread.locked = false
    return channelKey(channel)
  }

  remove(target: ThreadTarget): ChannelKey {
    const channel = this.#targets.thread(target, () => true)
    this.#context.world.removeChannel(channel)
    const started = channel.parent && this.#context.world.message(channel.parent, channel.id)
    if (started) started.flags &= ~FLAG.HAS_THREAD
    return channelKey(channel)
  }

  join(target: ThreadTarget): ChannelKey {
    const { id } = this.#context.access.bot
    const channel = this.#targets.thread(target, ({ thread }) => !thread.archived && !thread.members.has(id))
    channel.thread.members.set(id, this.#now() * 1000)
    return channelKey(channel)
  }

  leave(target: ThreadTarget): ChannelKey {
    const { id } = this.#context.access.bot
    const channel = this.#targets.thread(target, ({ thread }) => thread.members.has(id))
    channel.thread.members.delete(id)
    return channelKey(channel)
  }

  #startOf({ message_id }: ThreadTarget, parent: Channel): Message | undefined {
    if (message_id === undefined || isForum(parent)) return undefined
    if (message_id !== true) return this.#targets.message({ ...channelKey(parent), id: message_id })
    return this.#targets.message(channelKey(parent), (other) => isWritten(other) && !(other.flags & FLAG.HAS_THREAD))
  }

  #setArchived(channel: ThreadChannel, archived: boolean, { at = this.#now() }: ThreadTarget): void {
    this.#context.world.setArchived(channel, archived, at * 1000 + this.#context.random.below(1000))
  }

  #now(): Instant {
    return this.#context.clock.now()
  }
}
