import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import { applyPageFault } from '../../../libs/simulator/page_faults.ts'
import { type PageRow, pageText } from '../../../libs/simulator/page_json.ts'
import type { Context } from './context.ts'
import { badRequest } from './errors.ts'
import { option } from './odata.ts'
import type { PageToken } from './page_tokens.ts'

export interface PageRequest<T> {
  /** Absent where the samples have none. */
  context?: string
  /** Samples: `@odata.count` is the number of rows of this page. Default true. */
  count?: boolean
  /** The whole live list; pages are positions in it. */
  items: readonly T[]
  position: number
  top: number
  render(item: T): JsonObject
  /** The link that goes on at `position`; `nonce` other than 0 makes another link to the same place. */
  link(position: number, nonce: number): string
}

/** Cuts a page out of a live list and writes it down, with the page fault that the plan wants. */
export function pageReply<T>(exchange: Exchange, request: PageRequest<T>): Reply {
  const { items, position, top } = request
  const render = (from: number, to: number): PageRow[] =>
    items.slice(Math.max(0, from), to).map((item) => () => request.render(item))
  const page = applyPageFault(
    {
      rows: render(position, position + top),
      next: position + top < items.length ? request.link(position + top, 0) : undefined,
      here: `${exchange.origin}${exchange.rawUrl}`,
      again: () => request.link(position, ++nonces),
      before: () => render(position - top, position),
    },
    exchange.fault,
  )
  exchange.rows = page.rows.length
  const head = {
    ...(request.context === undefined ? {} : { '@odata.context': request.context }),
    ...(request.count === false ? {} : { '@odata.count': page.rows.length }),
    ...(page.next === undefined ? {} : { '@odata.nextLink': page.next }),
  }
  return { status: 200, text: pageText(head, page.rows) }
}

let nonces = 0

/** The `$skiptoken` of a request: where it goes on, or the 400 that a stale or foreign token gets. */
export function readPosition(
  context: Context,
  exchange: Exchange,
  list: string,
  read: (text: string) => PageToken | undefined,
): PageToken | Reply {
  const text = option(exchange, 'skiptoken')
  if (text === undefined) return { list, position: 0, issuedAt: exchange.at }
  const token = read(text)
  const tooOld = token && exchange.at - token.issuedAt > context.settings.pageTokenSeconds * 1000
  if (!token || token.list !== list || tooOld) return badRequest(exchange, 'Invalid continuation token specified.')
  return token
}
