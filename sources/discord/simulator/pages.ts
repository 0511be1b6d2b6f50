import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import { applyPageFault } from '../../../libs/simulator/page_faults.ts'
import { listText, type PageRow, pageText } from '../../../libs/simulator/page_json.ts'

export interface RowsRequest<T> {
  rows: readonly T[]
  render(row: T): JsonObject
  /** The rows a client has read before, for the fault `overlap`. */
  before?(count: number): readonly T[]
  /** An object around the rows: their name in it, and its other members. */
  envelope?: { name: string; rest: JsonObject }
}

/** Rows as an array, or as a member of an object, with the page fault that the plan wants; links there are none. */
export function rowsReply<T>(exchange: Exchange, request: RowsRequest<T>): Reply {
  const toPage = (rows: readonly T[]): PageRow[] => rows.map((row) => () => request.render(row))
  const overlap = exchange.fault?.kind === 'overlap' ? exchange.fault.rows : 0
  const page = applyPageFault(
    {
      rows: toPage(request.rows),
      next: undefined,
      here: exchange.rawUrl,
      again: () => exchange.rawUrl,
      before: () => toPage(request.before?.(overlap) ?? []),
    },
    exchange.fault,
  )
  exchange.rows = page.rows.length
  const { envelope } = request
  return { status: 200, text: envelope ? pageText(envelope.rest, page.rows, envelope.name) : listText(page.rows) }
}

/** `has_more` says that there may be more: also of a full page behind which nothing is (reference §5). */
export function mayHaveMore(all: readonly unknown[], limit: number): boolean {
  return all.length >= limit
}

/** One object. */
export function objectReply(exchange: Exchange, body: JsonObject): Reply {
  exchange.rows = 1
  return { status: 200, body }
}
