import { defineTable } from '../../../libs/connect/table.ts'
import { boolean, int32, struct, text, timestamp } from '../../../libs/schema/index.ts'

/** Teams with their settings, by GET /teams/{id} (META 2026-08-20; reference §2.1, §10). */
export const teams = defineTable({
  name: 'teams',
  description: 'Teams of the tenant with their settings.',
  primaryKeys: ['id'],
  ingestionType: 'snapshot',
  schema: struct({
    id: text().required().describe('Same GUID as the group behind the team.'),
    displayName: text(),
    description: text(),
    createdDateTime: timestamp(),
    classification: text(),
    specialization: text().describe('none, educationStandard, healthcareStandard …'),
    visibility: text().describe('private, public, hiddenMembership.'),
    isArchived: boolean(),
    internalId: text().describe('Id used in audit logs.'),
    tenantId: text(),
    webUrl: text(),
    firstChannelName: text().describe('Used when a team is created; the API never returns it.'),
    funSettings: struct({
      allowCustomMemes: boolean(),
      allowGiphy: boolean(),
      allowStickersAndMemes: boolean(),
      giphyContentRating: text(),
    }),
    guestSettings: struct({ allowCreateUpdateChannels: boolean(), allowDeleteChannels: boolean() }),
    memberSettings: struct({
      allowAddRemoveApps: boolean(),
      allowCreatePrivateChannels: boolean(),
      allowCreateUpdateChannels: boolean(),
      allowCreateUpdateRemoveConnectors: boolean(),
      allowCreateUpdateRemoveTabs: boolean(),
      allowDeleteChannels: boolean(),
    }),
    messagingSettings: struct({
      allowChannelMentions: boolean(),
      allowOwnerDeleteMessages: boolean(),
      allowTeamMentions: boolean(),
      allowUserDeleteMessages: boolean(),
      allowUserEditMessages: boolean(),
    }),
    summary: struct({ guestsCount: int32(), membersCount: int32(), ownersCount: int32() }),
  }),
})
