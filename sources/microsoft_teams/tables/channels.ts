import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, struct, text, timestamp } from '../../../libs/schema/index.ts'

/** Channels that a team hosts: standard, private and shared (META 2026-08-20; reference §2.2, §10). */
export const channels = defineTable({
  name: 'channels',
  description: 'Channels that the teams host: standard, private and shared ones.',
  primaryKeys: ['team_id', 'id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('19:…@thread.tacv2, or @thread.skype for old ones.'),
    team_id: text().required().added().describe('Team that hosts the channel.'),
    displayName: text(),
    description: text(),
    createdDateTime: timestamp(),
    originalCreatedDateTime: timestamp().describe('Imported channels: when it was first created.'),
    membershipType: text().describe('standard, private, shared.'),
    layoutType: text().describe('post or chat.'),
    isArchived: boolean(),
    isFavoriteByDefault: boolean(),
    migrationMode: text().describe('inProgress, completed.'),
    tenantId: text().describe('Tenant that owns the channel.'),
    webUrl: text(),
    email: text().describe('Mail address; only with include_channel_email.'),
    summary: struct({
      guestsCount: int32(),
      hasMembersFromOtherTenants: boolean(),
      membersCount: int32(),
      ownersCount: int32(),
    }).describe('Counts; the API leaves them out of lists.'),
  }),
})
