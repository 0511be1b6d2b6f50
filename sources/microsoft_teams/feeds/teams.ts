import { defineFeed, type Partition } from '../../../libs/connect/feed.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import {
  afterListingPage,
  listedAt,
  openListing,
  SNAPSHOT_CURSOR_VERSION,
} from '../../../libs/connect/snapshot_cursor.ts'
import type { GraphClient } from '../client.ts'
import { teams } from '../tables/teams.ts'
import { lookAtTeam, serverTime } from './discovery.ts'
import { estimateLists } from './estimate_lists.ts'
import type { GraphRow } from './graph_page.ts'
import { plannedTeams } from './planned_teams.ts'
import { asRefusal } from './refusal.ts'

/** Teams with their settings: GET /teams lists only id, name and description, so each is asked for itself (reference §2.1). */
export const teamsFeed = defineFeed<GraphClient>({
  name: 'teams',
  tables: ['teams'],
  kind: 'snapshot',
  cursorVersion: SNAPSHOT_CURSOR_VERSION,
  until: serverTime,
  discover: plannedTeams,
  look: lookAtTeam,
  cursorAt: listedAt,
  // Asked for whole: Graph wants that once a day at most (reference §1.15).
  ranged: () => false,
  estimate: async ({ reads }) =>
    estimateLists(reads, ({ partition }) => ({ kind: 'team', teamId: String(partition.team_id) })),
  async *read(connection, partition, cursor, request) {
    const listing = openListing(cursor, request.until)
    if (listing === null) return
    try {
      const row = await getTeam(connection, partition, request.signal)
      const encoders = new PageEncoders([teams], request)
      encoders.add('teams', row, {})
      yield { ...encoders.page(), ...afterListingPage(listing, undefined), complete: true, received: 1 }
    } catch (error) {
      const refused = asRefusal(error)
      if (refused === null) throw error
      yield { rows: new Map(), cursor: cursor ?? listing, complete: false, refused }
    }
  },
})

async function getTeam(connection: GraphClient, partition: Partition, signal: AbortSignal): Promise<GraphRow> {
  const teamId = String(partition.team_id)
  const { body } = await connection.get(['teams', teamId], {}, { kind: 'team', teamId, signal, retryNotFound: true })
  return { ...(body as GraphRow), id: teamId }
}
