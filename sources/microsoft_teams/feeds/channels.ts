import { type Cursor, defineFeed, type FeedPage, type FeedRequest, type Partition } from '../../../libs/connect/feed.ts'
import {
  afterListingPage,
  type ListingCursor,
  listedAt,
  newListing,
  openListing,
  SNAPSHOT_CURSOR_VERSION,
} from '../../../libs/connect/snapshot_cursor.ts'
import { followPages } from '../../../libs/http/paging.ts'
import type { GraphClient } from '../client.ts'
import { channels } from '../tables/channels.ts'
import { discoverTeams, lookAtTeam, serverTime } from './discovery.ts'
import { PageEncoders } from './encoders.ts'
import { graphPage, isRow } from './graph_page.ts'
import { asRefusal, isLostToken } from './refusal.ts'

/** Asked for by name, because a list without $select computes the costly `email` (reference §2.2). `summary` is for single channels only. */
const SELECT = Object.keys(channels.schema.fields).filter((name) => !['team_id', 'summary', 'email'].includes(name))

/** The channels that each team hosts. */
export const channelsFeed = defineFeed<GraphClient>({
  name: 'channels',
  tables: ['channels'],
  kind: 'snapshot',
  cursorVersion: SNAPSHOT_CURSOR_VERSION,
  until: serverTime,
  discover: discoverTeams,
  look: lookAtTeam,
  cursorAt: listedAt,
  async *read(connection, partition, cursor, request) {
    const listing = openListing(cursor, request.until)
    if (listing === null) return
    try {
      yield* readListing(connection, partition, listing, request)
    } catch (error) {
      const refused = asRefusal(error)
      if (refused === null) throw error
      yield { rows: new Map(), cursor: cursor ?? listing, complete: false, refused }
    }
  },
})

async function* readListing(
  connection: GraphClient,
  partition: Partition,
  listing: ListingCursor,
  request: FeedRequest,
): AsyncGenerator<FeedPage> {
  const teamId = String(partition.team_id)
  const call = { kind: 'channels' as const, teamId, signal: request.signal, retryNotFound: true }
  const $select = [...SELECT, ...(request.options.include_channel_email === true ? ['email'] : [])].join(',')
  const encoders = new PageEncoders([channels], request.tables, request.options.include_raw === true)
  let at: Cursor = listing
  const first = () => connection.get(['teams', teamId, 'channels'], { $select }, call).then(graphPage)
  const pages = followPages({
    first: async () => {
      if (listing.next === undefined) return first()
      try {
        return graphPage(await connection.follow(listing.next, { ...call, retryNotFound: false }))
      } catch (error) {
        if (!isLostToken(error)) throw error
        at = newListing(request.until, listing.previous)
        return first()
      }
    },
    follow: (link) => connection.follow(link, call).then(graphPage),
  })
  for await (const page of pages) {
    for (const row of page.rows) {
      if (partition.channel_id === undefined || !isRow(row) || row.id === partition.channel_id)
        encoders.add('channels', row, { team_id: teamId })
    }
    const step = afterListingPage(at as ListingCursor, page.next)
    at = step.cursor
    yield { ...encoders.page(), ...step, complete: page.next === undefined, received: page.rows.length }
  }
}
