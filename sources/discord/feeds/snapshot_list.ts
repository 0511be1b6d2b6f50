import {
  type Cursor,
  defineFeed,
  type FeedDefinition,
  type FeedPage,
  type FeedRequest,
  type Partition,
  type Refusal,
} from '../../../libs/connect/feed.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import {
  afterListingPage,
  type ListingCursor,
  listedAt,
  openListing,
  SNAPSHOT_CURSOR_VERSION,
} from '../../../libs/connect/snapshot_cursor.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import type { AddedValues } from '../../../libs/schema/row_encoder.ts'
import type { DiscordClient } from '../client.ts'
import { estimateLists } from './estimate.ts'
import type { ListedPage } from './listed_pages.ts'
import { asRefusal } from './refusal.ts'
import { serverTime } from './server_time.ts'

/** What a list of one partition is read with. */
export type ListArgs = Pick<FeedRequest, 'session' | 'signal' | 'options'> & { connection: DiscordClient }

/** A page of a list; `narrowed`: what the list lacks proves nothing; `refused`: it is empty for want of a right. */
export type SnapshotPage = ListedPage & { narrowed?: boolean; refused?: Refusal }

export interface SnapshotList
  extends Pick<FeedDefinition<DiscordClient>, 'discover' | 'look' | 'lookAtRow' | 'covers' | 'isLeaf'> {
  table: TableDefinition
  /** @param start where the pages of a walk go on that was broken off */
  pages(partition: Partition, args: ListArgs, start: string | undefined): AsyncIterable<SnapshotPage>
  /** Pages begin behind the id of a user: where persons are hashed no cursor keeps it, and a walk that is broken off begins anew. */
  byUser?: boolean
  /** What a refusal of the list says of its partition. Default: what it says. */
  refusalOf?(refusal: Refusal, partition: Partition): Refusal
  /** What the first page asks for, null: nothing. For estimates. */
  pathOf(partition: Partition): string[] | null
  /** Columns that the API's rows lack. */
  added(row: unknown, partition: Partition): AddedValues
}

/** A snapshot table that is one list of Discord for each partition. */
export function defineSnapshotList({
  table,
  pages,
  pathOf,
  added,
  byUser = false,
  refusalOf = (refusal) => refusal,
  ...rest
}: SnapshotList): FeedDefinition<DiscordClient> {
  return defineFeed<DiscordClient>({
    ...rest,
    name: table.name,
    tables: [table.name],
    kind: 'snapshot',
    cursorVersion: SNAPSHOT_CURSOR_VERSION,
    until: serverTime,
    cursorAt: listedAt,
    estimate: async (args) => estimateLists(args, pathOf),
    rootOf: ({ guild_id, id }) => String(guild_id ?? id),
    async *read(connection, partition, cursor, request) {
      const listing = openListing(cursor, request.until)
      if (listing === null) return
      let at: Cursor = listing
      try {
        for await (const page of pages(partition, { connection, ...request }, listing.next)) {
          if (page.refused !== undefined)
            return yield { rows: new Map(), cursor: at, complete: false, refused: page.refused }
          const read = pageOf(page, at as ListingCursor, partition, request)
          at = read.cursor
          yield read
        }
      } catch (error) {
        const refused = asRefusal(error)
        if (refused === null) throw error
        yield { rows: new Map(), cursor: at, complete: false, refused: refusalOf(refused, partition) }
      }
    },
  })

  function pageOf(
    { rows, next, narrowed }: SnapshotPage,
    listing: ListingCursor,
    partition: Partition,
    request: FeedRequest,
  ): FeedPage {
    const encoders = new PageEncoders([table], request)
    for (const row of rows) encoders.add(table.name, row, added(row, partition))
    const after = afterListingPage(listing, next)
    const { next: user, ...place } = after.cursor
    return {
      ...encoders.page(),
      ...after,
      ...(byUser && request.anonymizer != null ? { cursor: place } : {}),
      ...(narrowed === true ? { narrowed } : {}),
      complete: next === undefined,
      received: rows.length,
    }
  }
}
