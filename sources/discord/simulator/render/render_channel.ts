import type { JsonObject } from '../../../../libs/connect/json.ts'
import { isForum, isThread, isVoice, parentsThreads } from '../channel_kinds.ts'
import { CHANNEL } from '../codes.ts'
import type { Channel, Thread } from '../model.ts'
import { formatMicros } from '../timestamps.ts'

/** Threads and messages before this count to 50 and no further (reference §5). */
const COUNTED_SINCE = Date.UTC(2022, 6, 1) * 1000

const MAX_OLD_COUNT = 50

/** A channel of a guild, or a thread. */
export function renderChannel(channel: Channel): JsonObject {
  return isThread(channel) ? renderThread(channel) : renderGuildChannel(channel)
}

function renderGuildChannel(channel: Channel): JsonObject {
  return {
    id: channel.id,
    type: channel.type,
    ...(channel.type === CHANNEL.CATEGORY ? {} : { last_message_id: channel.lastMessageId }),
    flags: channel.type === CHANNEL.FORUM ? 16 : 0,
    ...(channel.lastPinAt === 0 ? {} : { last_pin_timestamp: formatMicros(channel.lastPinAt) }),
    guild_id: channel.guild.id,
    name: channel.name,
    parent_id: channel.parent?.id ?? null,
    ...(channel.type === CHANNEL.CATEGORY ? {} : { rate_limit_per_user: 0 }),
    ...(isVoice(channel) ? { bitrate: 64_000, user_limit: 0, rtc_region: null } : {}),
    ...(channel.type === CHANNEL.CATEGORY || isVoice(channel) ? {} : { topic: channel.topic }),
    ...(parentsThreads(channel) ? { default_auto_archive_duration: 4320 } : {}),
    ...(isForum(channel) ? forumMembers(channel) : {}),
    position: channel.position,
    permission_overwrites: channel.overwrites.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: allow.toString(),
      deny: deny.toString(),
    })),
    nsfw: false,
  }
}

function forumMembers(channel: Channel): JsonObject {
  return {
    default_thread_rate_limit_per_user: 0,
    available_tags: channel.tags.map(({ id, name }) => ({
      id,
      name,
      moderated: false,
      emoji_id: null,
      emoji_name: null,
    })),
    default_reaction_emoji: { emoji_id: null, emoji_name: '👍' },
    default_sort_order: null,
    default_forum_layout: channel.type === CHANNEL.MEDIA ? 2 : 0,
  }
}

function renderThread(channel: Channel & { thread: Thread }): JsonObject {
  const { thread } = channel
  const old = thread.createdAt < COUNTED_SINCE
  const counted = (count: number): number => (old ? Math.min(MAX_OLD_COUNT, count) : count)
  return {
    id: channel.id,
    type: channel.type,
    last_message_id: channel.lastMessageId,
    flags: thread.flags,
    ...(channel.lastPinAt === 0 ? {} : { last_pin_timestamp: formatMicros(channel.lastPinAt) }),
    guild_id: channel.guild.id,
    name: channel.name,
    parent_id: channel.parent!.id,
    rate_limit_per_user: 0,
    bitrate: 64_000,
    user_limit: 0,
    rtc_region: null,
    owner_id: thread.ownerId,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: formatMicros(thread.archiveTimestamp),
      auto_archive_duration: thread.autoArchiveMinutes,
      locked: thread.locked,
      ...(thread.createdAt === 0 ? {} : { create_timestamp: formatMicros(thread.createdAt) }),
      ...(channel.type === CHANNEL.PRIVATE_THREAD ? { invitable: thread.invitable } : {}),
    },
    message_count: counted(thread.messageCount),
    member_count: Math.min(50, thread.members.size),
    total_message_sent: counted(thread.totalMessageSent),
    ...(isForum(channel.parent!) ? { applied_tags: thread.appliedTags } : {}),
  }
}

/** What is known of somebody in a thread; undefined for who is not. */
export function renderThreadMember(channel: Channel & { thread: Thread }, userId: string): JsonObject | undefined {
  const joined = channel.thread.members.get(userId)
  return joined === undefined
    ? undefined
    : { id: channel.id, user_id: userId, join_timestamp: formatMicros(joined), flags: 1 }
}
