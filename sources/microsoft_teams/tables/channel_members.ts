import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text } from '../../../libs/schema/index.ts'
import { memberColumns } from './member_columns.ts'

/** Direct members of channels, by GET /teams/{id}/channels/{id}/members (reference §2.3). */
export const channelMembers = defineTable({
  name: 'channel_members',
  description: 'Direct members of the channels; those of a standard channel are the members of its team.',
  // The samples show one id for a user in a team and in its channels: the channel belongs to the key.
  primaryKeys: ['team_id', 'channel_id', 'id'],
  ingestionType: 'snapshot',
  schema: struct({
    // It holds the user's id (reference §2.3).
    id: text().required().personal().describe('Id of the membership. Opaque, and not unique across channels.'),
    team_id: text().required().added().describe('Team that hosts the channel.'),
    channel_id: text().required().added(),
    ...memberColumns(),
  }),
})
