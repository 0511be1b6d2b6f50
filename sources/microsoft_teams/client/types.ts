import type { Instant } from '../../../libs/connect/instant.ts'
import type { ThrottleRow } from './limits.ts'

/** What one Graph request is about: which limits it counts against, which ids it concerns. */
export interface GraphCall {
  signal: AbortSignal
  /** The row of the throttling table that the path belongs to. */
  kind: ThrottleRow
  /** The team the path is about: at most 4 requests per second for one app. */
  teamId?: string
  /** The channel the path is about: at most 1 request per second. */
  channelId?: string
  /** The chat the path is about: at most 1 request per second. */
  chatId?: string
  headers?: Readonly<Record<string, string>>
  /** The id came from a list: ask a 404 again, three times, before believing it. */
  retryNotFound?: boolean
  /** With `collection`, an answer without a `value` list is asked again, and raises in the end. Default `object`. */
  expect?: 'collection' | 'object'
}

/** OData options, unencoded: `{ $top: 50, $filter: "membershipType eq 'private'" }`. */
export type GraphQuery = Readonly<Record<string, string | number>>

export interface GraphResponse {
  /** The JSON object that Graph sent. */
  body: Readonly<Record<string, unknown>>
  /** Bytes on the wire. */
  bytes: number
  /** The answer's `Date` header. */
  date: Instant | undefined
}

/** What the tables and feeds of Microsoft Teams need of the API. */
export interface GraphApi {
  /** `get(['teams', id, 'channels'], { $select: 'id' }, call)`. Segments are percent-encoded here. */
  get(path: readonly string[], query: GraphQuery, call: GraphCall): Promise<GraphResponse>
  /** Follows a link exactly as Graph wrote it. @throws ForeignLinkError for another origin, before anything is sent. */
  follow(link: string, call: GraphCall): Promise<GraphResponse>
  /** False for a link of another origin. */
  canFollow(link: string): boolean
  /** `Date` of the latest answer of the API host, a refusal among them. */
  readonly lastDate: Instant | undefined
  close(): Promise<void>
}
