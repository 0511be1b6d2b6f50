import { boolean, int32, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { PERSONS_IN_TEXT } from './persons.ts'

/** Columns that channels and threads share (reference §10). */
export const channelColumns = () => ({
  type: int32().describe(
    '0 text, 2 voice, 4 category, 5 announcement, 10 to 12 threads, 13 stage, 15 forum, 16 media.',
  ),
  name: text().personal(PERSONS_IN_TEXT),
  parent_id: text().describe("A channel's category; a thread's channel."),
  last_message_id: text().describe('The newest message, also when it was deleted; of a forum the newest thread.'),
  last_pin_timestamp: timestamp(),
  rate_limit_per_user: int32().describe('Slow mode, seconds.'),
  flags: int32(),
})

/** Columns of guild channels that threads do not have. */
export const guildChannelColumns = () => ({
  position: int32(),
  topic: text().personal(PERSONS_IN_TEXT),
  nsfw: boolean(),
  bitrate: int32(),
  user_limit: int32(),
  rtc_region: text(),
  video_quality_mode: int32(),
  default_auto_archive_duration: int32().describe('Minutes.'),
  default_thread_rate_limit_per_user: int32().describe('Seconds.'),
  default_sort_order: int32(),
  default_forum_layout: int32(),
  default_reaction_emoji: struct({ emoji_id: text(), emoji_name: text() }),
  available_tags: list(
    struct({ id: text(), name: text(), moderated: boolean(), emoji_id: text(), emoji_name: text() }),
  ).describe('Tags of a forum.'),
  permission_overwrites: list(
    struct({ id: text().personal({ unless: { type: 0 } }), type: int32(), allow: text(), deny: text() }),
  ).describe('type 0: a role, 1: a member. Bit sets as decimal text.'),
})
