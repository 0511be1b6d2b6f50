import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, list, struct, text } from '../../../libs/schema/index.ts'
import { partialEmoji } from './emoji_columns.ts'
import { seenColumns } from './soft_delete.ts'
import { user } from './user.ts'

/** Reactions: a row for each emoji of a message. */
export const messageReactions = defineTable({
  name: 'message_reactions',
  description: 'How often which emoji is on a message. Those that are taken back stay, with deleted_at.',
  primaryKeys: ['channel_id', 'message_id', 'emoji_key'],
  cursorField: 'seen_at',
  ingestionType: 'cdc',
  softDelete: { column: 'deleted_at', scope: 'channel_id', range: 'message_id' },
  schema: struct({
    guild_id: text().required().added().describe('Guild of the message.'),
    channel_id: text().required().added().describe('Channel or thread of the message.'),
    message_id: text().required().added().describe('Message that it is on.'),
    emoji_key: text().required().added().describe("A custom emoji's id, else its characters."),
    emoji: partialEmoji(),
    count: int32(),
    count_details: struct({ burst: int32(), normal: int32() }),
    burst_colors: list(text()),
    users: list(struct({ ...user().fields, burst: boolean() }))
      .volatile()
      .describe('Who reacted, in the order of their ids: with include_reaction_users, read when a count changes.'),
    ...seenColumns(),
  }),
})
