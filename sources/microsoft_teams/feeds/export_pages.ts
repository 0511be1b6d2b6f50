import type { FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import { formatInstant, type Instant } from '../../../libs/connect/instant.ts'
import { LinkLoopGuard } from '../../../libs/http/link_loop_guard.ts'
import { NoServerDateError } from '../../../libs/http/no_server_date_error.ts'
import { ResponseTooLargeError } from '../../../libs/http/response_too_large_error.ts'
import type { GraphApi, GraphResponse } from '../client.ts'

import type { ExportWindow } from './export_window.ts'
import { graphPage } from './graph_page.ts'
import { isLostToken } from './refusal.ts'

export interface ExportAnswer {
  rows: unknown[]
  next: string | undefined
  /** The API's clock at this answer. */
  served: Instant
}

/** What is known of the links of one walk: a new one for each window. */
export class PageChain {
  guard = new LinkLoopGuard()
  /** Messages that the links ask for; null in a walk that another process began. */
  top: number | null = null
}

/** Requests of `teams/{id}/channels/getAllMessages` (reference §2.6): application permission only, roots and replies together. */
export class ExportPages {
  readonly #connection: GraphApi
  readonly #teamId: string
  readonly #signal: AbortSignal
  /** Messages a request asks for; smaller after an answer that was too large. */
  #top: number

  constructor(connection: GraphApi, partition: Partition, request: FeedRequest, signal: AbortSignal) {
    this.#connection = connection
    this.#teamId = String(partition.team_id)
    this.#signal = signal
    this.#top = Number(request.options.page_size)
  }

  /** The API's clock at its latest answer of any kind. */
  get clock(): Instant | undefined {
    return this.#connection.lastDate
  }

  /**
   * The page at which the window stands, or `lost` when it must be read from its first page again: the API refuses
   * the link, sends the same link again and again, or answered more than `max_response_bytes`.
   */
  async get(window: ExportWindow, chain: PageChain): Promise<ExportAnswer | 'lost'> {
    // Bounded: each round asks for a quarter of the messages, down to one.
    for (;;) {
      try {
        return await this.#page(window, chain)
      } catch (error) {
        if (window.next !== undefined && isLostToken(error)) return 'lost'
        const asked = chain.top ?? this.#top
        if (!(error instanceof ResponseTooLargeError) || asked === 1) throw error
        // Other windows may have found out at the same time.
        this.#top = Math.min(this.#top, Math.max(1, Math.floor(asked / 4)))
        if (window.next !== undefined) return 'lost'
      }
    }
  }

  async #page(window: ExportWindow, chain: PageChain): Promise<ExportAnswer | 'lost'> {
    if (window.next === undefined) {
      chain.guard = new LinkLoopGuard()
      chain.top = this.#top
      return this.between(window.a, window.b)
    }
    // A link that was stored before the base URL was changed leads nowhere now; a fresh one to elsewhere is an error.
    const isStale = chain.top === null && !this.#connection.canFollow(window.next)
    if (isStale || !chain.guard.accepts(window.next)) return 'lost'
    return answer(await this.#connection.follow(window.next, this.#call(false)))
  }

  /** The first page of [a, b), asked as gt and lt, which are both exclusive. */
  async between(a: Instant, b: Instant): Promise<ExportAnswer> {
    const $filter = `lastModifiedDateTime gt ${formatInstant(a - 1)} and lastModifiedDateTime lt ${formatInstant(b)}`
    const query = { $top: this.#top, $filter }
    return answer(
      await this.#connection.get(['teams', this.#teamId, 'channels', 'getAllMessages'], query, this.#call(true)),
    )
  }

  #call(retryNotFound: boolean) {
    return { kind: 'export' as const, teamId: this.#teamId, signal: this.#signal, retryNotFound }
  }
}

function answer(response: GraphResponse): ExportAnswer {
  const { rows, next } = graphPage(response)
  if (response.date === undefined) throw new NoServerDateError('Microsoft Graph')
  return { rows, next, served: response.date }
}
