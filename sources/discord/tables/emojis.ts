import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, list, struct, text } from '../../../libs/schema/index.ts'
import { user } from './user.ts'

/** Custom emojis of guilds. */
export const emojis = defineTable({
  name: 'emojis',
  description: 'Custom emojis of guilds.',
  primaryKeys: ['guild_id', 'id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('Snowflake.'),
    guild_id: text().required().added().describe('Guild of the emoji.'),
    name: text(),
    roles: list(text()).describe('Roles that may use it; empty: all.'),
    user: user().describe('Who added it; only where the bot may know.'),
    require_colons: boolean(),
    managed: boolean(),
    animated: boolean(),
    available: boolean(),
  }),
})
