import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, float64, int32, int64, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { PERSONS_IN_TEXT } from './persons.ts'
import { seenColumns } from './soft_delete.ts'

/** Files on messages. */
export const attachments = defineTable({
  name: 'attachments',
  description:
    'Files on messages: what Discord says about them, not their bytes. Those that were removed stay, with deleted_at.',
  primaryKeys: ['channel_id', 'message_id', 'id'],
  cursorField: 'seen_at',
  ingestionType: 'cdc',
  softDelete: { column: 'deleted_at', scope: 'channel_id', range: 'message_id' },
  schema: struct({
    id: text().required().describe('Snowflake.'),
    guild_id: text().required().added().describe('Guild of the message.'),
    channel_id: text().required().added().describe('Channel or thread of the message.'),
    message_id: text().required().added().describe('Message that it is on.'),
    filename: text(),
    title: text(),
    description: text().personal(PERSONS_IN_TEXT),
    content_type: text(),
    size: int64().describe('Bytes.'),
    url: text().volatile().describe('Signed, and over after about a day; read the message again for a fresh one.'),
    proxy_url: text().volatile(),
    width: int32(),
    height: int32(),
    duration_secs: float64().describe('Of voice messages.'),
    waveform: text(),
    ephemeral: boolean(),
    flags: int32(),
    clip_created_at: timestamp(),
    ...seenColumns(),
  }),
})
