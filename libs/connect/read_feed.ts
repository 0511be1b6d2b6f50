import { anonymizerOfConnection } from '../anonymize/of_connection.ts'
import type { Cursor, FeedDefinition, FeedPage, FeedRequest, Limit, Partition } from './feed.ts'
import { FeedContractError } from './feed_contract_error.ts'
import { stableStringify } from './json.ts'

/**
 * Reads one partition of a feed: the inner seam, which the engine, the interface and Spark share.
 * Ends at the first page that reaches the limit, at `complete`, at a refusal, or when there is nothing to read.
 * What a feed may never do is caught here, where every runtime passes, instead of losing rows later.
 *
 * @throws FeedContractError when rows come with a cursor that did not move, or pages follow the last one.
 */
export async function* readFeed<C>(
  feed: FeedDefinition<C>,
  connection: C,
  partition: Partition,
  cursor: Cursor | null,
  request: FeedRequest,
): AsyncGenerator<FeedPage> {
  let before = stableStringify(cursor)
  let ended = false
  const used = { pages: 0, records: 0 }
  const anonymizer = anonymizerOfConnection(connection)
  for await (const page of feed.read(connection, partition, cursor, { ...request, anonymizer })) {
    if (ended) throw new FeedContractError(feed.name, partition.id, 'a page follows the last one')
    const after = stableStringify(page.cursor)
    if (page.refused === undefined && after === before) {
      throw new FeedContractError(feed.name, partition.id, 'a page came with a cursor that did not move')
    }
    before = after
    ended = page.complete || page.refused !== undefined
    used.pages += 1
    used.records += countRows(page)
    yield page
    request.signal.throwIfAborted()
    if (!ended && reached(used, request.limit)) return
  }
}

/** Rows of a page over all its tables. */
export function countRows(page: FeedPage): number {
  let rows = 0
  for (const batches of page.rows.values()) for (const batch of batches) rows += batch.numRows
  return rows
}

function reached(used: { pages: number; records: number }, limit: Limit | undefined): boolean {
  return used.pages >= (limit?.maxPages ?? Infinity) || used.records >= (limit?.maxRecords || Infinity)
}
