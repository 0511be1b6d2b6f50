import type { Context } from '../context.ts'
import type { EmojiRef, Guild, Message, Reaction, User } from '../model.ts'
import type { ReactionKey, ReactionTarget } from '../mutation_types.ts'
import { isWritten, mutable } from './message_changes.ts'
import { found, keyOf, Targets } from './targets.ts'

/** Different emojis of one message (reference §6). */
const MAX_REACTIONS = 20

/** Changes of who reacted with what. Nothing else of the message moves. */
export class ReactionChanges {
  #context: Context
  #targets: Targets

  constructor(context: Context) {
    this.#context = context
    this.#targets = new Targets(context)
  }

  add(target: ReactionTarget): ReactionKey {
    const message = mutable(this.#targets.message(target, isWritten))
    const emoji = parseEmoji(message.place.guild, target.emoji ?? '👍')
    const reaction = findReaction(message, emoji) ?? addReaction(message, emoji)
    const users = target.burst ? reaction.burst : reaction.normal
    const user = this.#newcomer(message, reaction, target.user_id)
    if (!users.includes(user)) users.push(user)
    return keyIn(message, reaction, user)
  }

  remove(target: ReactionTarget): ReactionKey {
    const { message, reaction, user } = this.#existing(target)
    drop(reaction.normal, user)
    drop(reaction.burst, user)
    if (reaction.normal.length + reaction.burst.length === 0) {
      const rest = message.reactions!.filter((other) => other !== reaction)
      message.reactions = rest.length > 0 ? rest : null
    }
    return keyIn(message, reaction, user)
  }

  /** The key names who came. */
  swap(target: ReactionTarget): ReactionKey {
    const { message, reaction, user } = this.#existing({ ...target })
    const users = reaction.normal.includes(user) ? reaction.normal : reaction.burst
    const other = this.#newcomer(message, reaction)
    users[users.indexOf(user)] = other
    return keyIn(message, reaction, other)
  }

  #existing(target: ReactionTarget): { message: Message; reaction: Reaction; user: User } {
    const message = mutable(this.#targets.message(target, (other) => other.reactions !== null))
    const emoji = target.emoji === undefined ? undefined : parseEmoji(message.place.guild, target.emoji)
    const reaction = found(emoji ? findReaction(message, emoji) : message.reactions?.[0], 'such reaction')
    const users = [...reaction.normal, ...reaction.burst]
    const user = target.user_id === undefined ? users[0] : users.find(({ id }) => id === target.user_id)
    return { message, reaction, user: found(user, 'such user of the reaction') }
  }

  /** Somebody who has not reacted with this emoji. */
  #newcomer(message: Message, { normal, burst }: Reaction, userId?: string): User {
    if (userId !== undefined) return this.#targets.user(userId)
    const people = [...message.place.guild.members.values()].map(({ user }) => user)
    const free = people.filter((user) => !user.bot && !normal.includes(user) && !burst.includes(user))
    return free.length > 0 ? this.#context.random.pick(free) : this.#targets.user()
  }
}

function addReaction(message: Message, emoji: EmojiRef): Reaction {
  const reactions = message.reactions ?? []
  if (reactions.length >= MAX_REACTIONS) throw new TypeError('The message has twenty reactions already.')
  const reaction = { emoji, normal: [], burst: [] }
  message.reactions = [...reactions, reaction]
  return reaction
}

function findReaction(message: Message, emoji: EmojiRef): Reaction | undefined {
  return message.reactions?.find((other) =>
    emoji.id === null ? other.emoji.id === null && other.emoji.name === emoji.name : other.emoji.id === emoji.id,
  )
}

function parseEmoji(guild: Guild, text: string): EmojiRef {
  const id = /^[^:]+:(\d+)$/.exec(text)?.[1]
  if (id === undefined) return { id: null, name: text, animated: false }
  const custom = guild.emojis.find((emoji) => emoji.id === id)
  return custom ? { ...custom } : { id, name: text.slice(0, text.indexOf(':')), animated: false }
}

function drop(users: User[], user: User): void {
  const at = users.indexOf(user)
  if (at >= 0) users.splice(at, 1)
}

function keyIn(message: Message, { emoji }: Reaction, user: User): ReactionKey {
  const text = emoji.id === null ? emoji.name! : `${emoji.name ?? ''}:${emoji.id}`
  return { ...keyOf(message), emoji: text, user_id: user.id }
}
