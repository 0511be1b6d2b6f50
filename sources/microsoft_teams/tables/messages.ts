import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text } from '../../../libs/schema/index.ts'
import { chatMessageProperties } from './chat_message.ts'

/** Root messages of channels: posts and system events. A message id is unique only inside its channel. */
export const messages = defineTable({
  name: 'messages',
  description: 'Posts of channels and their system events. Deleted ones stay, with deletedDateTime.',
  primaryKeys: ['team_id', 'channel_id', 'id'],
  cursorField: 'lastModifiedDateTime',
  ingestionType: 'cdc',
  schema: struct({
    id: text().required().describe('Epoch milliseconds of creation; unique inside its channel.'),
    team_id: text().required().added().describe('Team the channel belongs to.'),
    channel_id: text().required().added().describe('Channel the message was posted in.'),
    ...chatMessageProperties(),
  }),
})
