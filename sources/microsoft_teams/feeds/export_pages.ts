import type { FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import { formatInstant, type Instant } from '../../../libs/connect/instant.ts'
import { LinkLoopGuard } from '../../../libs/http/link_loop_guard.ts'
import { ResponseTooLargeError } from '../../../libs/http/response_too_large_error.ts'
import type { GraphClient, GraphResponse } from '../client.ts'
import { NoServerDateError } from '../errors/no_server_date_error.ts'
import type { OpenCursor } from './export_cursor.ts'
import { type GraphRow, graphPage, isRow } from './graph_page.ts'
import { isLostToken } from './refusal.ts'

const ONE_DAY = 86_400_000

export interface ExportAnswer {
  rows: unknown[]
  next: string | undefined
  /** The API's clock at this answer. */
  served: Instant
}

/** Requests of `teams/{id}/channels/getAllMessages` (reference §2.6): application permission only, roots and replies together. */
export class ExportPages {
  readonly #connection: GraphClient
  readonly #teamId: string
  readonly #request: FeedRequest
  /** Messages a request asks for; smaller after an answer that was too large. */
  #top: number
  #guard = new LinkLoopGuard()

  constructor(connection: GraphClient, partition: Partition, request: FeedRequest) {
    this.#connection = connection
    this.#teamId = String(partition.team_id)
    this.#request = request
    this.#top = Number(request.options.page_size)
  }

  /**
   * The page at the cursor, or `lost` when the window must be read from its first page again: the API refuses
   * the link, sends the same link again and again, or answered more than `max_response_bytes`.
   */
  async get(window: OpenCursor): Promise<ExportAnswer | 'lost'> {
    // Bounded: each round asks for a quarter of the messages, down to one.
    for (;;) {
      try {
        return await this.#page(window)
      } catch (error) {
        if (window.next !== undefined && isLostToken(error)) return 'lost'
        if (!(error instanceof ResponseTooLargeError) || this.#top === 1) throw error
        this.#top = Math.max(1, Math.floor(this.#top / 4))
        if (window.next !== undefined) return 'lost'
      }
    }
  }

  async #page(window: OpenCursor): Promise<ExportAnswer | 'lost'> {
    if (window.next === undefined) {
      this.#guard = new LinkLoopGuard()
      return this.#answer(await this.#first(window.a, window.b))
    }
    if (!this.#guard.accepts(window.next)) return 'lost'
    return this.#answer(await this.#connection.follow(window.next, this.#call(false)))
  }

  /**
   * True when no message that the window may have held has changed since its walk began: then no row can
   * have moved out of a page that was still to come. One request: changes stamped since then, by the API's clock.
   *
   * @param latenessMs how late the API may show a change
   * @param served the API's clock at the last page: a walk that was interrupted may have taken days
   */
  async isQuiet(walked: OpenCursor, latenessMs: number, served: Instant): Promise<boolean> {
    const began = walked.began ?? walked.b
    const { rows, next } = this.#answer(await this.#first(began - latenessMs, served + ONE_DAY))
    return next === undefined && !rows.some((row) => !isRow(row) || wasWritten(row, walked.b))
  }

  /** [a, b) asked as gt and lt, which are both exclusive. */
  #first(a: Instant, b: Instant): Promise<GraphResponse> {
    const $filter = `lastModifiedDateTime gt ${formatInstant(a - 1)} and lastModifiedDateTime lt ${formatInstant(b)}`
    const query = { $top: this.#top, $filter }
    return this.#connection.get(['teams', this.#teamId, 'channels', 'getAllMessages'], query, this.#call(true))
  }

  #call(retryNotFound: boolean) {
    return { kind: 'export' as const, teamId: this.#teamId, signal: this.#request.signal, retryNotFound }
  }

  #answer(response: GraphResponse): ExportAnswer {
    const { rows, next } = graphPage(response)
    if (response.date === undefined) throw new NoServerDateError()
    return { rows, next, served: response.date }
  }
}

/** False only for a message that is surely younger than `b`: it cannot have been in the window. */
function wasWritten(row: GraphRow, b: Instant): boolean {
  const created = typeof row.createdDateTime === 'string' ? Date.parse(row.createdDateTime) : Number.NaN
  return !(created >= b)
}
