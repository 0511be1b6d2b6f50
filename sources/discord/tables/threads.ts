import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { channelColumns } from './channel_columns.ts'

/** Threads, and posts of forums and media channels, which are threads too. */
export const threads = defineTable({
  name: 'threads',
  description: 'Threads of channels and posts of forums, active and archived.',
  primaryKeys: ['id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('Snowflake; that of the message it was started from, where there is one.'),
    guild_id: text().required().added().describe('Guild of the thread.'),
    ...channelColumns(),
    owner_id: text().personal().describe('User who started it.'),
    thread_metadata: struct({
      archived: boolean(),
      archive_timestamp: timestamp(),
      auto_archive_duration: int32(),
      locked: boolean(),
      invitable: boolean(),
      create_timestamp: timestamp(),
    }),
    message_count: int32().describe('Without the first message; goes down with deletions.'),
    total_message_sent: int32().describe('Never goes down.'),
    member_count: int32().describe('Stops at 50.'),
    applied_tags: list(text()).describe('Tags of a forum post.'),
  }),
})
