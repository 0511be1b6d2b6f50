import type { Instant } from '../../../../libs/connect/instant.ts'
import { holdsMessages, isThread } from '../channel_kinds.ts'
import { FLAG, MESSAGE } from '../codes.ts'
import type { Context } from '../context.ts'
import { replyTo } from '../datasets/conversations_dataset.ts'
import { unfurled } from '../datasets/seasoning.ts'
import { sentence } from '../datasets/words.ts'
import type { Channel, Message } from '../model.ts'
import type { ChannelKey, MessageKey, MessageTarget } from '../mutation_types.ts'
import type { NewMessage } from '../world.ts'
import { channelKey, keyOf, Targets } from './targets.ts'

/** Types that people write, and so can edit. */
const WRITTEN = new Set<number>([MESSAGE.DEFAULT, MESSAGE.REPLY])

/** Changes of messages. What is archived can only lose messages; sending wakes a thread that is not locked. */
export class MessageChanges {
  #context: Context
  #targets: Targets

  constructor(context: Context) {
    this.#context = context
    this.#targets = new Targets(context)
  }

  send(target: MessageTarget = {}): MessageKey {
    const { random } = this.#context
    const place = this.#targets.writable(target)
    const author = this.#targets.member(place.guild)
    return keyOf(this.#post(place, target, { author, content: target.content ?? sentence(random) }))
  }

  reply(target: MessageTarget = {}): MessageKey {
    const answered = this.#targets.message(target, isWritten)
    const { place } = answered
    return keyOf(
      this.#post(place, target, {
        author: this.#targets.member(place.guild),
        content: target.content ?? sentence(this.#context.random),
        type: MESSAGE.REPLY,
        reference: replyTo(answered),
        extras: { mentions: [answered.author] },
      }),
    )
  }

  edit(target: MessageTarget = {}): MessageKey {
    const message = mutable(this.#targets.message(target, isEditable))
    message.content = target.content ?? `${sentence(this.#context.random)} (edited)`
    message.editedAt = (target.at ?? this.#now()) * 1000 + 1 + this.#context.random.below(999)
    return keyOf(message)
  }

  unfurl(target: MessageTarget = {}): MessageKey {
    const message = mutable(this.#targets.message(target, isWritten))
    const embeds = [...(message.extras?.embeds ?? []), unfurled(target.content ?? message.content)]
    message.extras = { ...message.extras, embeds }
    return keyOf(message)
  }

  delete(target: MessageTarget = {}): MessageKey {
    const message = this.#targets.message(target)
    this.#context.world.removeMessage(message)
    return keyOf(message)
  }

  bulkDelete(target: { guild_id?: string; channel_id?: string; ids?: string[]; count?: number } = {}): ChannelKey & {
    ids: string[]
  } {
    const place = this.#targets.writable(target)
    const ids = target.ids ?? place.messages.slice(-(target.count ?? 3)).map(({ id }) => id)
    const messages = ids.map((id) => this.#targets.message({ ...channelKey(place), id }))
    for (const message of messages) this.#context.world.removeMessage(message)
    return { ...channelKey(place), ids }
  }

  /** The channel's last_pin_timestamp moves, and a message tells of it. */
  pin(target: MessageTarget = {}): MessageKey {
    const message = mutable(this.#targets.message(target, (other) => isWritten(other) && other.pinnedAt === 0))
    const { place } = message
    message.pinnedAt = (target.at ?? this.#now()) * 1000 + this.#context.random.below(1000)
    place.lastPinAt = Math.max(place.lastPinAt, message.pinnedAt)
    const reference = { ...replyTo(message), resolved: false }
    const author = this.#targets.member(place.guild)
    this.#post(place, {}, { author, content: '', type: MESSAGE.PINNED, reference })
    return keyOf(message)
  }

  unpin(target: MessageTarget = {}): MessageKey {
    const message = mutable(this.#targets.message(target, (other) => other.pinnedAt !== 0))
    message.pinnedAt = 0
    return keyOf(message)
  }

  /** An id is made when the message is sent, and the message may turn up later than that. */
  #post(place: Channel, { at = this.#sentAt() }: MessageTarget, message: Omit<NewMessage, 'at'>): Message {
    const { world } = this.#context
    if (!holdsMessages(place)) throw new TypeError('This channel holds no messages.')
    if (isThread(place) && place.thread.archived) {
      if (place.thread.locked) throw new TypeError('The thread is archived and locked.')
      world.setArchived(place, false, this.#now() * 1000 + 401)
    }
    const added = world.addMessage(place, { at, ...message })
    place.thread?.members.set(added.author.id, place.thread.members.get(added.author.id) ?? at * 1000)
    return added
  }

  #sentAt(): Instant {
    const { lateVisibilityMs } = this.#context.settings
    return this.#now() - (lateVisibilityMs > 0 ? this.#context.random.below(lateVisibilityMs + 1) : 0)
  }

  #now(): Instant {
    return this.#context.clock.now()
  }
}

export function isWritten(message: Message): boolean {
  return WRITTEN.has(message.type)
}

/** Voice messages, polls and forwards stay as they were sent. */
function isEditable(message: Message): boolean {
  return isWritten(message) && !(message.flags & (FLAG.VOICE_MESSAGE | FLAG.HAS_SNAPSHOT)) && !message.extras?.poll
}

/** What is in an archived thread does not change, except that it goes (reference §5). */
export function mutable(message: Message): Message {
  if (message.place.thread?.archived) throw new TypeError('An archived thread does not change.')
  return message
}
