import type { Instant } from '../../../libs/connect/instant.ts'

/** How one request is to be sent. Its limits follow from its path. */
export interface DiscordCall {
  signal: AbortSignal
  /** The id came from a list: ask a 404 again, three times, before believing it. */
  retryNotFound?: boolean
  /** A body of another shape is asked again, and raises in the end. Default: an object or an array. */
  expect?: 'array' | 'object'
}

/** Unencoded; `undefined` is left out, a list repeats its key: `{ limit: 100, after: '0' }`. */
export type DiscordQuery = Readonly<Record<string, string | number | boolean | undefined | readonly string[]>>

export interface DiscordResponse {
  /** The JSON that Discord sent. */
  body: unknown
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  /** The answer's `Date` header. */
  date: Instant | undefined
  /** Bytes on the wire. */
  bytes: number
}

/** What the tables and feeds of Discord need of the API. */
export interface DiscordApi {
  /** `get(['channels', id, 'messages'], { limit: 100, after: id }, call)`. Segments are percent-encoded here. */
  get(path: readonly string[], query: DiscordQuery, call: DiscordCall): Promise<DiscordResponse>
  /** `Date` of the latest answer of the API host, a refusal among them. */
  readonly lastDate: Instant | undefined
  close(): Promise<void>
}
