import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'

/** What identifies a message: a channel or thread, and the id in it. */
export interface MessageKey {
  guild_id: string
  channel_id: string
  id: string
}

export interface ChannelKey {
  guild_id: string
  channel_id: string
}

/** Where and when a change happens. What is left out is drawn from the simulator's seed; `at` defaults to now. */
export interface MessageTarget extends Partial<MessageKey> {
  /** Of `send` and `reply` also the time in the id: one before now makes a message that turns up late. */
  at?: Instant
  content?: string
}

export interface ReactionTarget extends MessageTarget {
  /** A unicode emoji, or `name:id`. Default: a thumb, or the message's first. */
  emoji?: string
  user_id?: string
  /** A super reaction. */
  burst?: boolean
}

export interface ReactionKey extends MessageKey {
  emoji: string
  user_id: string
}

export interface ChannelTarget extends Partial<ChannelKey> {
  name?: string
  /** Of a new channel; default 0, text. */
  type?: number
  parent_id?: string
}

export interface ThreadTarget extends Partial<ChannelKey> {
  name?: string
  /** The message that a new thread starts from; `true` draws one. */
  message_id?: string | true
  private?: boolean
  /** Of a new private thread: is the bot in it? */
  joined?: boolean
  content?: string
  at?: Instant
}

/** What can be taken from the bot in a channel, or given back. */
export type PermissionName = 'VIEW_CHANNEL' | 'READ_MESSAGE_HISTORY' | 'CONNECT' | 'MANAGE_THREADS'

export interface PermissionTarget extends Partial<ChannelKey> {
  permission: PermissionName
}

export interface MemberTarget {
  guild_id?: string
  user_id?: string
  /** Of somebody who joins. */
  name?: string
  nick?: string | null
  role_id?: string
  /** Of a time-out: how long from now. */
  ms?: number
}

export type MessageMutation =
  | 'send'
  | 'reply'
  | 'edit'
  | 'unfurl'
  | 'delete'
  | 'pin'
  | 'unpin'
  | 'add_reaction'
  | 'remove_reaction'
  | 'swap_reaction'
  | 'new_thread'
  | 'archive'
  | 'unarchive'

/** Changes that can be drawn; only those of messages and threads are by default. */
export type RandomMutation =
  | MessageMutation
  | 'bulk_delete'
  | 'delete_thread'
  | 'new_channel'
  | 'rename_channel'
  | 'member_join'
  | 'member_leave'
  | 'member_nick'
  | 'member_role'
  | 'new_role'
  | 'new_emoji'
  | 'rename_user'

export interface RandomOptions extends Partial<ChannelKey> {
  among?: readonly RandomMutation[]
}

/** A change in JSON, as `POST /_simulator/mutate` takes it. */
export type Mutation =
  | ({ kind: 'send' | 'reply' | 'edit' | 'unfurl' | 'delete' | 'pin' | 'unpin' } & MessageTarget)
  | { kind: 'bulk_delete'; guild_id?: string; channel_id?: string; ids?: string[]; count?: number }
  | ({ kind: 'add_reaction' | 'remove_reaction' | 'swap_reaction' } & ReactionTarget)
  | ({ kind: 'new_channel' | 'delete_channel' | 'rename_channel' | 'hide_channel' | 'show_channel' } & ChannelTarget)
  | ({ kind: 'deny_history' | 'allow_history' } & ChannelTarget)
  | ({ kind: 'deny' | 'allow' } & PermissionTarget)
  | ({ kind: 'new_thread' | 'archive' | 'unarchive' | 'lock' | 'unlock' | 'delete_thread' } & ThreadTarget)
  | ({ kind: 'join_thread' | 'leave_thread' } & ThreadTarget)
  | { kind: 'new_guild'; name?: string }
  | { kind: 'delete_guild' | 'kick_bot' | 'invite_bot'; guild_id?: string }
  | ({ kind: 'member_join' | 'member_leave' | 'member_nick' | 'member_role' | 'member_timeout' } & MemberTarget)
  | { kind: 'new_role' | 'new_emoji'; guild_id?: string; name?: string }
  | { kind: 'delete_role'; guild_id?: string; role_id?: string }
  | { kind: 'delete_emoji'; guild_id?: string; emoji_id?: string }
  | { kind: 'rename_user'; user_id?: string; name?: string }
  | { kind: 'message_content' | 'guild_members'; on: boolean }
  /** Answers `bot_token`. */
  | { kind: 'rotate_token'; token?: string }
  | ({ kind: 'random' } & RandomOptions)

/** Changes in-process. Every function answers what it touched, and throws TypeError where there is nothing that fits. */
export interface Mutate {
  send(target?: MessageTarget): MessageKey
  /** `id` is the message answered. */
  reply(target?: MessageTarget): MessageKey
  edit(target?: MessageTarget): MessageKey
  /** Embeds appear; edited_timestamp stays. */
  unfurl(target?: MessageTarget): MessageKey
  delete(target?: MessageTarget): MessageKey
  bulkDelete(target?: { guild_id?: string; channel_id?: string; ids?: string[]; count?: number }): ChannelKey & {
    ids: string[]
  }
  /** A message that says so is sent too. */
  pin(target?: MessageTarget): MessageKey
  unpin(target?: MessageTarget): MessageKey
  addReaction(target?: ReactionTarget): ReactionKey
  removeReaction(target?: ReactionTarget): ReactionKey
  /** Another user takes the place of one: the counts stay. */
  swapReaction(target?: ReactionTarget): ReactionKey
  newChannel(target?: ChannelTarget): ChannelKey
  deleteChannel(target?: ChannelTarget): ChannelKey
  renameChannel(target?: ChannelTarget): ChannelKey
  hideChannel(target?: ChannelTarget): ChannelKey
  showChannel(target?: ChannelTarget): ChannelKey
  denyHistory(target?: ChannelTarget): ChannelKey
  allowHistory(target?: ChannelTarget): ChannelKey
  /** By an overwrite for the bot; in a thread it is its parent's. */
  deny(target: PermissionTarget): ChannelKey
  allow(target: PermissionTarget): ChannelKey
  /** `channel_id` is the parent; of the others the thread. */
  newThread(target?: ThreadTarget): ChannelKey
  archive(target?: ThreadTarget): ChannelKey
  unarchive(target?: ThreadTarget): ChannelKey
  /** Locked and archived: sending does not wake it. */
  lock(target?: ThreadTarget): ChannelKey
  unlock(target?: ThreadTarget): ChannelKey
  deleteThread(target?: ThreadTarget): ChannelKey
  joinThread(target?: ThreadTarget): ChannelKey
  leaveThread(target?: ThreadTarget): ChannelKey
  newGuild(target?: { name?: string }): { guild_id: string; channel_id: string }
  deleteGuild(target?: { guild_id?: string }): { guild_id: string }
  kickBot(target?: { guild_id?: string }): { guild_id: string }
  inviteBot(target?: { guild_id?: string }): { guild_id: string }
  memberJoin(target?: MemberTarget): { guild_id: string; user_id: string }
  memberLeave(target?: MemberTarget): { guild_id: string; user_id: string }
  memberNick(target?: MemberTarget): { guild_id: string; user_id: string }
  /** Gives the role, or takes it from who has it. */
  memberRole(target?: MemberTarget): { guild_id: string; user_id: string; role_id: string }
  /** Default: the bot, for an hour. */
  memberTimeout(target?: MemberTarget): { guild_id: string; user_id: string }
  newRole(target?: { guild_id?: string; name?: string }): { guild_id: string; role_id: string }
  deleteRole(target?: { guild_id?: string; role_id?: string }): { guild_id: string; role_id: string }
  newEmoji(target?: { guild_id?: string; name?: string }): { guild_id: string; emoji_id: string }
  /** Reactions with it stay, and have no name any more. */
  deleteEmoji(target?: { guild_id?: string; emoji_id?: string }): { guild_id: string; emoji_id: string }
  renameUser(target?: { user_id?: string; name?: string }): { user_id: string }
  messageContent(on: boolean): void
  guildMembers(on: boolean): void
  /** Answers the new token; the old one is refused from now on. */
  rotateToken(token?: string): string
  /** A seeded change, as `mutateDuringWalk` makes them. */
  random(options?: RandomOptions): JsonObject
  /** The JSON form of all of these. */
  apply(mutation: Mutation): JsonObject
}

/** Every `every`-th answered request of the given calls is followed by one seeded change in the guild it read. */
export interface MutationPlan {
  every: number
  /** Default `['messages']`. */
  routes?: string[]
  /** Default: those of messages and threads. */
  among?: readonly RandomMutation[]
  /** At most so many changes; default 10,000. */
  max?: number
}
