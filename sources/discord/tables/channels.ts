import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text } from '../../../libs/schema/index.ts'
import { channelColumns, guildChannelColumns } from './channel_columns.ts'

/** Channels and categories of guilds, without threads. */
export const channels = defineTable({
  name: 'channels',
  description: 'Channels and categories that the bot may see; threads have a table of their own.',
  primaryKeys: ['id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('Snowflake.'),
    guild_id: text().required().added().describe('Guild of the channel.'),
    ...channelColumns(),
    ...guildChannelColumns(),
  }),
})
