import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text } from '../../../libs/schema/index.ts'
import { chatMessageProperties } from './chat_message.ts'

/** Replies to posts. Replies of replies do not exist in channels (reference §2.4). */
export const messageReplies = defineTable({
  name: 'message_replies',
  description: 'Replies to posts of channels. Deleted ones stay, with deletedDateTime.',
  primaryKeys: ['team_id', 'channel_id', 'parent_message_id', 'id'],
  cursorField: 'lastModifiedDateTime',
  ingestionType: 'cdc',
  schema: struct({
    id: text().required().describe('Epoch milliseconds of creation; unique inside its channel.'),
    team_id: text().required().added().describe('Team the channel belongs to.'),
    channel_id: text().required().added().describe('Channel the reply was posted in.'),
    parent_message_id: text().required().added().describe('The post it answers: the id of a row in messages.'),
    ...chatMessageProperties(),
  }),
})
