import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, json, struct, text } from '../../../libs/schema/index.ts'

/** Roles of guilds; `@everyone` has the id of its guild. */
export const roles = defineTable({
  name: 'roles',
  description: 'Roles of guilds.',
  primaryKeys: ['guild_id', 'id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('Snowflake; of @everyone the guild’s.'),
    guild_id: text().required().added().describe('Guild of the role.'),
    name: text(),
    permissions: text().describe('Bit set as decimal text.'),
    position: int32(),
    color: int32(),
    colors: struct({ primary_color: int32(), secondary_color: int32(), tertiary_color: int32() }),
    hoist: boolean(),
    managed: boolean(),
    mentionable: boolean(),
    icon: text(),
    unicode_emoji: text(),
    flags: int32(),
    tags: json()
      .personal(['bot_id'])
      .describe('What the role belongs to, as JSON; a key with the value null means yes.'),
  }),
})
