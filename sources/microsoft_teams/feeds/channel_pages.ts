import type { FeedRequest, Partition } from '../../../libs/connect/feed.ts'
import { formatInstant, type Instant } from '../../../libs/connect/instant.ts'
import { LinkLoopGuard } from '../../../libs/http/link_loop_guard.ts'
import { ResponseTooLargeError } from '../../../libs/http/response_too_large_error.ts'
import type { GraphClient, GraphQuery, GraphResponse } from '../client.ts'
import { BadRequestError } from '../errors/bad_request_error.ts'
import { DeltaUnsupportedError } from '../errors/delta_unsupported_error.ts'
import { NotFoundError } from '../errors/not_found_error.ts'
import { graphPage } from './graph_page.ts'
import { isLostToken } from './refusal.ts'

export interface ChannelPage {
  rows: unknown[]
  next: string | undefined
  /** Only on the last page of a delta round. */
  deltaLink: string | undefined
}

/** What `Location` of a 410 and every 40x on a link mean alike: the token is gone. */
export type Lost = 'lost'

/** Requests about one channel's messages: list, delta, replies (reference §2.4, §2.5). All count as one conversation: one a second. */
export class ChannelPages {
  readonly #connection: GraphClient
  readonly #path: string[]
  readonly #partition: Partition
  readonly #request: FeedRequest
  /** Threads a request asks for; smaller after an answer that was too large. */
  #top: number
  #guard = new LinkLoopGuard()

  constructor(connection: GraphClient, partition: Partition, request: FeedRequest) {
    this.#connection = connection
    this.#partition = partition
    this.#path = ['teams', String(partition.team_id), 'channels', String(partition.channel_id), 'messages']
    this.#request = request
    this.#top = Number(request.options.page_size)
  }

  /** The first page of the channel's list. */
  list(): Promise<ChannelPage> {
    return this.#first(this.#path, { $expand: 'replies' })
  }

  /**
   * The first page of a round without token: chains with a change at or after `since`.
   * @throws DeltaUnsupportedError where the service has no delta for this app (seen in reports: reference §2.5)
   */
  async delta(since: Instant): Promise<ChannelPage> {
    const $filter = `lastModifiedDateTime gt ${formatInstant(since - 1)}`
    try {
      return await this.#first([...this.#path, 'delta'], { $expand: 'replies', $filter })
    } catch (error) {
      throw error instanceof BadRequestError ? new DeltaUnsupportedError(error) : error
    }
  }

  /** The first page of a thread's replies; `lost` when the thread is there no more. */
  async replies(root: string): Promise<ChannelPage | Lost> {
    try {
      return await this.#first([...this.#path, root, 'replies'], {})
    } catch (error) {
      if (error instanceof NotFoundError) return 'lost'
      throw error
    }
  }

  /** A page by its link; `lost` when the API no longer takes it, or sends the same ones again and again. */
  async follow(link: string): Promise<ChannelPage | Lost> {
    if (!this.#guard.accepts(link)) return 'lost'
    try {
      return pageOf(await this.#connection.follow(link, this.#call(false)))
    } catch (error) {
      if (isLostToken(error)) return 'lost'
      // What the link asks for cannot be made smaller: its page size is in the token.
      if (!(error instanceof ResponseTooLargeError) || !this.#shrink()) throw error
      return 'lost'
    }
  }

  async #first(path: readonly string[], query: GraphQuery): Promise<ChannelPage> {
    this.#guard = new LinkLoopGuard()
    // Bounded: each round asks for a quarter of the threads, down to one.
    for (;;) {
      try {
        return pageOf(await this.#connection.get(path, { $top: this.#top, ...query }, this.#call(true)))
      } catch (error) {
        if (!(error instanceof ResponseTooLargeError) || !this.#shrink()) throw error
      }
    }
  }

  #shrink(): boolean {
    if (this.#top === 1) return false
    this.#top = Math.max(1, Math.floor(this.#top / 4))
    return true
  }

  #call(retryNotFound: boolean) {
    const { team_id, channel_id } = this.#partition
    const ids = { teamId: String(team_id), channelId: String(channel_id) }
    return { kind: 'channel_messages' as const, ...ids, signal: this.#request.signal, retryNotFound }
  }
}

function pageOf(response: GraphResponse): ChannelPage {
  const { rows, next } = graphPage(response)
  const deltaLink = Object.entries(response.body).find(([name]) => name.toLowerCase() === '@odata.deltalink')?.[1]
  return { rows, next, deltaLink: typeof deltaLink === 'string' && deltaLink !== '' ? deltaLink : undefined }
}
