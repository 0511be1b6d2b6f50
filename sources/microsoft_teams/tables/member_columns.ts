import { list, text, timestamp } from '../../../libs/schema/index.ts'

/** What a membership says beside its ids: conversationMember and aadUserConversationMember (META 2026-08-20; reference §10). */
export const memberColumns = () => ({
  displayName: text().personal(),
  roles: list(text()).describe(
    'owner, guest; empty for a plain member. Members from outside show owner in shared channels.',
  ),
  userId: text().personal().describe('Object id of the user in Entra.'),
  email: text().personal(),
  tenantId: text().describe("The user's home tenant."),
  visibleHistoryStartDateTime: timestamp().describe('Meant for chats; year 1 means from the beginning.'),
})
