import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { wholeUser } from './user.ts'

/** Members of guilds. Needs the privileged intent GUILD_MEMBERS. */
export const members = defineTable({
  name: 'members',
  description: 'Members of guilds; needs the privileged intent Server Members.',
  primaryKeys: ['guild_id', 'user_id'],
  ingestionType: 'snapshot',
  schema: struct({
    guild_id: text().required().added().describe('Guild of the member.'),
    user_id: text().required().added().personal().describe('Snowflake of the user.'),
    user: wholeUser(),
    nick: text().personal().describe('Name in this guild.'),
    avatar: text().personal(),
    banner: text().personal(),
    roles: list(text()).describe('Without @everyone.'),
    joined_at: timestamp(),
    premium_since: timestamp().describe('Since when it boosts the guild.'),
    deaf: boolean(),
    mute: boolean(),
    pending: boolean(),
    flags: int32(),
    communication_disabled_until: timestamp().describe('End of a time-out; may have passed.'),
  }),
})
