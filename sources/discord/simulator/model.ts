import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Members } from './members.ts'
import type { Overwrite } from './permissions.ts'
import type { Micros } from './timestamps.ts'

export interface User {
  readonly id: string
  username: string
  globalName: string | null
  readonly avatar: string | null
  readonly bot: boolean
  /** The author of webhook messages: a name and no user; its id is the webhook's. */
  readonly webhook: boolean
  readonly hash: number
}

export interface Role {
  readonly id: string
  name: string
  permissions: bigint
  position: number
  color: number
  managed: boolean
  /** Of the bot's own role. */
  botId: string | null
}

export interface Member {
  readonly user: User
  nick: string | null
  /** Ids, without @everyone. */
  roles: string[]
  readonly joinedAt: Micros
  /** 0: never. */
  timedOutUntil: Instant
}

export interface Emoji {
  readonly id: string
  readonly name: string
  readonly animated: boolean
}

export interface Sticker {
  readonly id: string
  readonly name: string
}

export interface Guild {
  readonly id: string
  name: string
  readonly index: number
  ownerId: string
  roles: Role[]
  emojis: Emoji[]
  stickers: Sticker[]
  readonly members: Members
  /** Without threads. */
  channels: Channel[]
  threads: Channel[]
}

export interface ForumTag {
  id: string
  name: string
}

/** A channel of a guild; a thread is one with `thread`. */
export interface Channel {
  readonly guild: Guild
  readonly id: string
  readonly type: number
  name: string
  position: number
  /** The category, or the channel a thread belongs to. */
  parent: Channel | null
  overwrites: Overwrite[]
  topic: string | null
  /** Ascending by id; deleted messages are not in it. */
  readonly messages: Message[]
  /** May name a message that is deleted; of forum and media channels it is the newest thread. */
  lastMessageId: string | null
  /** 0: never. */
  lastPinAt: Micros
  tags: ForumTag[]
  readonly thread: Thread | null
}

export interface Thread {
  readonly ownerId: string
  archived: boolean
  archiveTimestamp: Micros
  autoArchiveMinutes: number
  locked: boolean
  invitable: boolean
  /** 0: made before 2022-01-09, and unknown. */
  readonly createdAt: Micros
  /** User id -> joined. */
  readonly members: Map<string, Micros>
  messageCount: number
  totalMessageSent: number
  appliedTags: string[]
  flags: number
  /** When it last went to another list, and from which. */
  movedAt: Instant
  movedFrom: 'nowhere' | 'active' | 'archived'
}

export interface EmojiRef {
  /** Null: a unicode emoji. */
  id: string | null
  /** Null: the custom emoji was deleted. */
  name: string | null
  animated: boolean
}

export interface Reaction {
  emoji: EmojiRef
  normal: User[]
  burst: User[]
}

/** What a reply, forward, starter or system message points to. */
export interface Reference {
  type: 0 | 1
  guildId: string
  channelId: string
  messageId: string | null
  /** False: the key `referenced_message` stays out although the type has one. */
  resolved: boolean
}

export interface Attachment {
  readonly id: string
  readonly filename: string
  readonly contentType: string | null
  readonly size: number
  /** Members beyond those of every attachment: width, height, title, duration_secs … */
  readonly more: JsonObject
}

export interface Poll {
  question: string
  answers: string[]
  expiresAt: Instant
  finalized: boolean
  /** Voters of each answer. */
  votes: User[][]
}

/** What few messages have. Embeds name their links as they are; proxies are added when they are shown. */
export interface Extras {
  attachments?: Attachment[]
  embeds?: JsonObject[]
  stickers?: Sticker[]
  poll?: Poll
  components?: JsonObject[]
  snapshot?: JsonObject
  snapshotAttachments?: Attachment[]
  mentions?: User[]
  mentionRoles?: string[]
  mentionEveryone?: boolean
  /** Members that are shown as they are: interaction_metadata, application_id, nonce … */
  members?: JsonObject
}

/** One message, kept small: what is not here is rendered when it is asked for. */
export interface Message {
  readonly place: Channel
  readonly id: string
  readonly at: Instant
  readonly type: number
  readonly author: User
  content: string
  /** 0: never. */
  editedAt: Micros
  flags: number
  /** 0: not pinned. */
  pinnedAt: Micros
  reactions: Reaction[] | null
  readonly reference: Reference | null
  extras: Extras | null
  /** In threads: how many were there before. */
  readonly position: number
}
