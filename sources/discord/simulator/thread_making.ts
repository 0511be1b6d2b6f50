import type { Instant } from '../../../libs/connect/instant.ts'
import { isForum } from './channel_kinds.ts'
import { CHANNEL, FLAG, MESSAGE } from './codes.ts'
import { inventAttachment } from './datasets/seasoning.ts'
import type { Channel, Message, Thread, User } from './model.ts'
import type { World } from './world.ts'

export interface StartThread {
  name: string
  owner: User
  at: Instant
  /** The message it starts from. */
  from?: Message
  private?: boolean
  /** First message of a forum post. */
  content?: string
}

type ThreadChannel = Channel & { thread: Thread }

/**
 * A thread with what comes with it (reference §4.9, §4.10): a post of a forum has its first message under its own id (in
 * media channels with a file), a thread from a message begins with a type 21 that points to it, any other public one is
 * told of in the parent channel.
 */
export function startThread(world: World, parent: Channel, start: StartThread): ThreadChannel {
  if (isForum(parent)) return startPost(world, parent, start)
  const { name, owner, at, from } = start
  const type = start.private
    ? CHANNEL.PRIVATE_THREAD
    : parent.type === CHANNEL.ANNOUNCEMENT
      ? CHANNEL.ANNOUNCEMENT_THREAD
      : CHANNEL.PUBLIC_THREAD
  const thread = world.addThread(parent, { type, name, owner, at, ...(from ? { from } : {}) }) as ThreadChannel
  const guildId = parent.guild.id
  if (from) {
    from.flags |= FLAG.HAS_THREAD
    const reference = { type: 0, guildId, channelId: parent.id, messageId: from.id, resolved: true } as const
    world.addMessage(thread, { at, author: from.author, content: '', type: MESSAGE.THREAD_STARTER, reference })
  } else if (!start.private) {
    const reference = { type: 0, guildId, channelId: thread.id, messageId: null, resolved: false } as const
    world.addMessage(parent, { at, author: owner, content: name, type: MESSAGE.THREAD_CREATED, reference })
  }
  return thread
}

function startPost(world: World, parent: Channel, { name, owner, at, content }: StartThread): ThreadChannel {
  const post = world.addThread(parent, { type: CHANNEL.PUBLIC_THREAD, name, owner, at }) as ThreadChannel
  const tag = parent.tags[world.threads.of(parent).length % Math.max(1, parent.tags.length)]
  if (tag) post.thread.appliedTags = [tag.id]
  const extras = parent.type === CHANNEL.MEDIA ? { attachments: [inventAttachment(world, at, 2)] } : null
  world.addMessage(post, { at, author: owner, content: content ?? name, id: post.id, extras })
  return post
}
