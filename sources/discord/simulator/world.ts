import type { Instant } from '../../../libs/connect/instant.ts'
import { isForum } from './channel_kinds.ts'
import { MESSAGE } from './codes.ts'
import { inventUser } from './invent_user.ts'
import { Members } from './members.ts'
import { findMessage, insertMessage, lowerBound } from './message_list.ts'
import type { Channel, Extras, Guild, Message, Reference, Thread, User } from './model.ts'
import { emptyChannel, newThreadState } from './new_place.ts'
import type { Overwrite } from './permissions.ts'
import { compareIds, Snowflakes } from './snowflake.ts'
import { ThreadLists } from './thread_lists.ts'
import type { Micros } from './timestamps.ts'

export interface NewChannel {
  type: number
  name: string
  at: Instant
  parent?: Channel | null
  overwrites?: Overwrite[]
  topic?: string | null
}

export interface NewThread {
  type: number
  name: string
  at: Instant
  owner: User
  /** The message it starts from, whose id it takes. */
  from?: Message
  invitable?: boolean
}

export interface NewMessage {
  at: Instant
  author: User
  content: string
  type?: number
  flags?: number
  reference?: Reference | null
  extras?: Extras | null
  /** Only the starter of a forum post brings its id: that of the thread. */
  id?: string
}

/** What was there once: for readers that mark rows instead of losing them. */
export interface Gone {
  messages: { guild_id: string; channel_id: string; id: string }[]
  /** Threads among them. */
  channels: { guild_id: string; id: string }[]
  guilds: { id: string }[]
}

/** All that the simulator holds, and the only place that keeps lists, counts and last ids in step. */
export class World {
  readonly seed: number
  readonly ids = new Snowflakes()
  readonly threads = new ThreadLists()
  guilds: Guild[] = []
  readonly users: User[] = []
  gone: Gone = { messages: [], channels: [], guilds: [] }
  #usersById = new Map<string, User>()
  #usersByName = new Map<string, User>()
  #channels = new Map<string, Channel>()
  #guildsMade = 0

  constructor(seed: number) {
    this.seed = seed
  }

  /** The user of a name, made where there is none. */
  user(name: string, bot = false): User {
    const known = this.#usersByName.get(name)
    if (known) return known
    const user = inventUser(name, bot, this.seed, this.ids)
    this.#usersByName.set(name, user)
    this.#usersById.set(user.id, user)
    this.users.push(user)
    return user
  }

  userById(id: string): User | undefined {
    return this.#usersById.get(id)
  }

  addGuild(name: string, at: Instant, owner: User): Guild {
    const guild: Guild = {
      id: this.ids.next(at),
      name,
      index: this.#guildsMade++,
      ownerId: owner.id,
      roles: [],
      emojis: [],
      stickers: [],
      members: new Members(),
      channels: [],
      threads: [],
    }
    this.guilds.push(guild)
    return guild
  }

  guild(id: string): Guild | undefined {
    return this.guilds.find((guild) => guild.id === id)
  }

  addChannel(guild: Guild, channel: NewChannel): Channel {
    return this.#enter(guild.channels, {
      ...emptyChannel(guild, this.ids.next(channel.at), channel.type, channel.name),
      position: guild.channels.length,
      parent: channel.parent ?? null,
      overwrites: channel.overwrites ?? [],
      topic: channel.topic ?? null,
      thread: null,
    })
  }

  addThread(parent: Channel, { type, name, at, owner, from, invitable }: NewThread): Channel {
    const thread = newThreadState({ at, owner, invitable: invitable ?? true })
    const id = from?.id ?? this.ids.next(at)
    const channel = { ...emptyChannel(parent.guild, id, type, name), parent, thread }
    if (isForum(parent) && (parent.lastMessageId === null || compareIds(parent.lastMessageId, id) < 0))
      parent.lastMessageId = id
    this.#enter(parent.guild.threads, channel)
    this.threads.add(channel)
    return channel
  }

  /** The data set is here: what it lost on its way was never there for anybody. */
  settle(): void {
    this.gone = { messages: [], channels: [], guilds: [] }
  }

  #enter(list: Channel[], channel: Channel): Channel {
    list.push(channel)
    this.#channels.set(channel.id, channel)
    return channel
  }

  channel(id: string): Channel | undefined {
    return this.#channels.get(id)
  }

  /** The message in its place, and the counts that follow from it. */
  addMessage(place: Channel, message: NewMessage): Message {
    const { thread } = place
    const added: Message = {
      place,
      id: message.id ?? this.ids.next(message.at),
      at: message.at,
      type: message.type ?? MESSAGE.DEFAULT,
      author: message.author,
      content: message.content,
      editedAt: 0,
      flags: message.flags ?? 0,
      pinnedAt: 0,
      reactions: null,
      reference: message.reference ?? null,
      extras: message.extras ?? null,
      position: thread ? thread.totalMessageSent : -1,
    }
    insertMessage(place.messages, added)
    if (place.lastMessageId === null || compareIds(place.lastMessageId, added.id) < 0) place.lastMessageId = added.id
    if (thread && !isStarter(added)) {
      thread.messageCount++
      thread.totalMessageSent++
    }
    return added
  }

  /** The place's last_message_id stays, and then names a message that is not there. */
  removeMessage(message: Message): void {
    const { place } = message
    const at = lowerBound(place.messages, message.id)
    if (place.messages[at] !== message) return
    place.messages.splice(at, 1)
    if (place.thread && !isStarter(message)) place.thread.messageCount--
    this.gone.messages.push({ guild_id: place.guild.id, channel_id: place.id, id: message.id })
  }

  message(place: Channel, id: string): Message | undefined {
    return findMessage(place.messages, id)
  }

  /** A channel goes with its threads; a category leaves its channels without one. */
  removeChannel(channel: Channel): void {
    const { guild } = channel
    for (const thread of this.threads.of(channel)) this.removeChannel(thread)
    guild.channels = guild.channels.filter((other) => other !== channel)
    guild.threads = guild.threads.filter((other) => other !== channel)
    for (const child of guild.channels) if (child.parent === channel) child.parent = null
    this.threads.remove(channel)
    this.#channels.delete(channel.id)
    this.gone.channels.push({ guild_id: guild.id, id: channel.id })
  }

  removeGuild(guild: Guild): void {
    for (const channel of [...guild.channels]) this.removeChannel(channel)
    this.guilds = this.guilds.filter((other) => other !== guild)
    this.gone.guilds.push({ id: guild.id })
  }

  /** Archives or wakes a thread: it goes to the other list, and its archive_timestamp is now. */
  setArchived(channel: Channel & { thread: Thread }, archived: boolean, at: Micros): void {
    const { thread } = channel
    if (thread.archived !== archived) {
      thread.movedFrom = thread.archived ? 'archived' : 'active'
      thread.movedAt = Math.floor(at / 1000)
    }
    thread.archived = archived
    thread.archiveTimestamp = at
    this.threads.changed(channel.parent!)
  }
}

/** The initial message of a thread counts nowhere (reference §5). */
function isStarter(message: Message): boolean {
  return message.type === MESSAGE.THREAD_STARTER || message.id === message.place.id
}
