import {
  type Cursor,
  defineFeed,
  type FeedDefinition,
  type FeedPage,
  type FeedRequest,
  type Partition,
} from '../../../libs/connect/feed.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import { PageEncoders } from '../../../libs/connect/page_encoders.ts'
import {
  afterListingPage,
  type ListingCursor,
  listedAt,
  newListing,
  openListing,
  SNAPSHOT_CURSOR_VERSION,
} from '../../../libs/connect/snapshot_cursor.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { followPages } from '../../../libs/http/paging.ts'
import type { GraphCall, GraphClient, GraphQuery } from '../client.ts'
import { serverTime } from './discovery.ts'
import { estimateLists } from './estimate_lists.ts'
import { blamingFilter, type FilterOption, filterOf, filterQuery } from './filters.ts'
import { type GraphPage, graphPage } from './graph_page.ts'
import { asRefusal, isLostToken } from './refusal.ts'

/** The list of one partition. */
export interface ListRequest {
  path: readonly string[]
  /** Without $filter, which is the option's. */
  query: GraphQuery
  call: Omit<GraphCall, 'signal' | 'retryNotFound'>
  /** Columns that the API leaves out because they are in the path. */
  added: Record<string, string>
  /** Rows of the list that belong to the partition. Default: all. */
  keeps?(row: unknown): boolean
}

export interface ListFeed extends Pick<FeedDefinition<GraphClient>, 'discover' | 'look' | 'covers' | 'rootOf'> {
  table: TableDefinition
  /** The table option that narrows the list. */
  filter: FilterOption
  /** Null for a partition that has no list. */
  list(partition: Partition, options: ResolvedOptions): ListRequest | null
}

/** A snapshot table that is one list of Graph for each partition. */
export function defineListFeed({ table, filter, list, ...rest }: ListFeed): FeedDefinition<GraphClient> {
  return defineFeed<GraphClient>({
    ...rest,
    name: table.name,
    tables: [table.name],
    kind: 'snapshot',
    cursorVersion: SNAPSHOT_CURSOR_VERSION,
    until: serverTime,
    cursorAt: listedAt,
    // A list is asked for whole: Graph wants that once a day at most (reference §1.15).
    ranged: () => false,
    estimate: async ({ reads, options }) =>
      estimateLists(reads, ({ partition }) => list(partition, options)?.call ?? null),
    async *read(connection, partition, cursor, request) {
      const listing = openListing(cursor, request.until)
      const asked = list(partition, request.options)
      if (listing === null || asked === null) return
      try {
        yield* new ListReader(connection, table, filter, asked, request).pages(listing)
      } catch (error) {
        const refused = asRefusal(error)
        if (refused === null) throw error
        yield { rows: new Map(), cursor: cursor ?? listing, complete: false, refused }
      }
    },
  })
}

class ListReader {
  readonly #connection: GraphClient
  readonly #table: TableDefinition
  readonly #filter: FilterOption
  readonly #list: ListRequest
  readonly #request: FeedRequest

  constructor(
    connection: GraphClient,
    table: TableDefinition,
    filter: FilterOption,
    list: ListRequest,
    request: FeedRequest,
  ) {
    this.#connection = connection
    this.#table = table
    this.#filter = filter
    this.#list = list
    this.#request = request
  }

  async *pages(listing: ListingCursor): AsyncGenerator<FeedPage> {
    const { options, until } = this.#request
    const encoders = new PageEncoders([this.#table], this.#request)
    const narrowed = filterOf(options, this.#filter) === undefined ? {} : { narrowed: true }
    let at: Cursor = listing
    const pages = followPages({
      first: async () => {
        if (listing.next === undefined) return this.#first()
        const page = await this.#resume(listing.next)
        if (page !== null) return page
        at = newListing(until, listing.previous)
        return this.#first()
      },
      follow: (link) => this.#follow(link, true),
    })
    for await (const page of pages) {
      for (const row of page.rows)
        if (this.#list.keeps?.(row) ?? true) encoders.add(this.#table.name, row, this.#list.added)
      const step = afterListingPage(at as ListingCursor, page.next)
      at = step.cursor
      const complete = page.next === undefined
      yield { ...encoders.page(), ...step, ...narrowed, complete, received: page.rows.length }
    }
  }

  #first(): Promise<GraphPage> {
    const { path, query } = this.#list
    const { options } = this.#request
    const asked = { ...query, ...filterQuery(options, this.#filter) }
    return blamingFilter(options, this.#filter, this.#connection.get(path, asked, this.#call(true)).then(graphPage))
  }

  /** The page of a link that an earlier read stored; null when the API no longer takes it. */
  async #resume(link: string): Promise<GraphPage | null> {
    try {
      return await this.#follow(link, false)
    } catch (error) {
      if (!isLostToken(error)) throw error
      return null
    }
  }

  #follow(link: string, retryNotFound: boolean): Promise<GraphPage> {
    return this.#connection.follow(link, this.#call(retryNotFound)).then(graphPage)
  }

  #call(retryNotFound: boolean): GraphCall {
    return { ...this.#list.call, signal: this.#request.signal, retryNotFound }
  }
}
