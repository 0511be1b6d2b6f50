import type { JsonObject } from '../../../libs/connect/json.ts'
import type { ChannelKey, MessageKey } from './mutation_types.ts'
import type { LoadReport } from './types.ts'
import type { Gone } from './world.ts'

/** One row as the API would show it now, with its whole key. */
export interface TruthRow {
  guild_id: string
  id: string
  json: JsonObject
}

/** `json` has bare attachment addresses and edits in whole milliseconds. */
export interface TruthMessage extends MessageKey {
  json: JsonObject
}

/** One user with one emoji under one message. */
export interface TruthReaction extends ChannelKey {
  message_id: string
  emoji_id: string | null
  /** Null: a deleted custom emoji. */
  emoji_name: string | null
  burst: boolean
  user_id: string
}

export interface TruthAttachment extends ChannelKey {
  message_id: string
  id: string
  json: JsonObject
}

export interface TruthPin extends ChannelKey {
  message_id: string
  pinned_at: string
}

export interface TruthFilter {
  guild_id?: string
  /** A channel or thread. */
  channel_id?: string
  /** `visible`: only what the bot may read at this moment; default `all`, as a bot with all rights would see. */
  rights?: 'all' | 'visible'
}

export interface TruthCounts {
  guilds: number
  channels: number
  threads: number
  archivedThreads: number
  messages: number
  replies: number
  edited: number
  /** Rows of users, not of emojis. */
  reactions: number
  attachments: number
  pins: number
  members: number
  roles: number
  emojis: number
  users: number
  deletedMessages: number
}

/** What is so now. Guilds that the bot is not in are left out with `rights: 'visible'` only. */
export interface Truth {
  guilds(filter?: TruthFilter): Iterable<{ id: string; json: JsonObject }>
  /** Without threads. */
  channels(filter?: TruthFilter): Iterable<TruthRow>
  threads(filter?: TruthFilter): Iterable<TruthRow>
  roles(filter?: TruthFilter): Iterable<TruthRow>
  /** By user id; `id` is the user's. */
  members(filter?: TruthFilter): Iterable<TruthRow>
  emojis(filter?: TruthFilter): Iterable<TruthRow>
  /** In the order guild, channel, id; threads after the channels. */
  messages(filter?: TruthFilter): Iterable<TruthMessage>
  message(key: Omit<MessageKey, 'guild_id'>): JsonObject | undefined
  reactions(filter?: TruthFilter): Iterable<TruthReaction>
  attachments(filter?: TruthFilter): Iterable<TruthAttachment>
  pins(filter?: TruthFilter): Iterable<TruthPin>
  counts(): TruthCounts
  /** Order-free digest of `messages(filter)`; the simulator's port is not in it. */
  digest(filter?: TruthFilter): string
  /** What was there and is not, since the start. Messages of deleted channels are not listed one by one. */
  readonly gone: Readonly<Gone>
  /** What the data set had, before anything changed. */
  readonly loaded: LoadReport
}
