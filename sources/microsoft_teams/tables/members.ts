import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text } from '../../../libs/schema/index.ts'
import { memberColumns } from './member_columns.ts'

/** Members of teams, by GET /teams/{id}/members (reference §2.3). */
export const members = defineTable({
  name: 'members',
  description: 'Members of the teams, with their roles.',
  primaryKeys: ['team_id', 'id'],
  ingestionType: 'snapshot',
  schema: struct({
    // It holds the user's id (reference §2.3).
    id: text().required().personal().describe('Id of the membership. Opaque.'),
    team_id: text().required().added(),
    ...memberColumns(),
  }),
})
