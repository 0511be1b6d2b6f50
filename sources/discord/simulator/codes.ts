/** Channel types (reference §5). */
export const CHANNEL = {
  TEXT: 0,
  VOICE: 2,
  CATEGORY: 4,
  ANNOUNCEMENT: 5,
  ANNOUNCEMENT_THREAD: 10,
  PUBLIC_THREAD: 11,
  PRIVATE_THREAD: 12,
  STAGE: 13,
  FORUM: 15,
  MEDIA: 16,
} as const

/** Message types that the simulator makes; there are more, and unknown ones. */
export const MESSAGE = {
  DEFAULT: 0,
  RECIPIENT_ADD: 1,
  CHANNEL_NAME_CHANGE: 4,
  PINNED: 6,
  USER_JOIN: 7,
  BOOST: 8,
  FOLLOW_ADD: 12,
  THREAD_CREATED: 18,
  REPLY: 19,
  COMMAND: 20,
  THREAD_STARTER: 21,
  AUTO_MODERATION: 24,
  POLL_RESULT: 46,
} as const

/** Message flags. */
export const FLAG = {
  CROSSPOSTED: 1 << 0,
  SUPPRESS_EMBEDS: 1 << 2,
  HAS_THREAD: 1 << 5,
  VOICE_MESSAGE: 1 << 13,
  HAS_SNAPSHOT: 1 << 14,
  COMPONENTS_V2: 1 << 15,
} as const
