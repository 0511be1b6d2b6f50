import { members } from '../tables/members.ts'
import { lookAtTeam } from './discovery.ts'
import { filteredPart } from './filters.ts'
import { defineListFeed } from './list_feed.ts'
import { plannedTeams } from './planned_teams.ts'

/** The most that a page of members takes (reference §2.3). */
export const MEMBERS_PER_PAGE = 999

/** The members of each team. */
export const membersFeed = defineListFeed({
  table: members,
  filter: 'member_filter',
  // Members belong to the whole team, whichever of its channels are asked for.
  async discover(args) {
    const { partitions, complete } = await plannedTeams(args)
    return { partitions: partitions.map((team) => filteredPart(team, args.options, 'member_filter')), complete }
  },
  look: lookAtTeam,
  list({ team_id }) {
    const teamId = String(team_id)
    return {
      path: ['teams', teamId, 'members'],
      query: { $top: MEMBERS_PER_PAGE },
      call: { kind: 'team_members', teamId },
      added: { team_id: teamId },
    }
  },
})
