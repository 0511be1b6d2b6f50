import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text, timestamp } from '../../../libs/schema/index.ts'

/** Which messages are pinned. */
export const pins = defineTable({
  name: 'pins',
  description: 'Messages that are pinned in channels and threads.',
  primaryKeys: ['channel_id', 'message_id'],
  ingestionType: 'snapshot',
  schema: struct({
    guild_id: text().required().added().describe('Guild of the channel.'),
    channel_id: text().required().added().describe('Channel or thread.'),
    message_id: text().required().added().describe('The pinned message.'),
    pinned_at: timestamp(),
  }),
})
