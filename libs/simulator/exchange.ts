import type { IncomingHttpHeaders } from 'node:http'
import type { Instant } from '../connect/instant.ts'
import type { SimClock } from './clock.ts'
import type { Fault } from './fault_plan.ts'
import type { Query } from './query.ts'

/** One request with what the simulator knows about it. */
export interface Exchange {
  readonly method: string
  /** Decoded path in the form that routes are written in (`/v1.0/teams/id/channels`), whatever form came. */
  readonly path: string
  /** Path and query as they came. */
  readonly rawUrl: string
  readonly query: Query
  readonly params: Record<string, string>
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** When it arrived. */
  readonly at: Instant
  readonly clock: SimClock
  /** `http://127.0.0.1:port` */
  readonly origin: string
  /** What the fault plan wants done to this answer. */
  fault: Fault | undefined
  /** Free room for the source: who asks, with which permissions. */
  readonly state: Map<string, unknown>
  /** Rows that the answer holds, for statistics. */
  rows: number
}

/** An answer before it goes on the wire. Objects are sent as JSON. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  body?: object | string | Buffer
  /** Instead of `body`, text that is made while it is written; what is large is never whole in memory. */
  text?: Iterable<string>
  /** Set on a refusal by a bucket: its kind for statistics, and the keys that Retry-After was promised for. */
  refused_by?: string
  promised?: string[]
  /** When the promise ends, where Retry-After is rounded up and the body is more exact. */
  promised_until?: Instant
  /** Control calls only: text that is streamed instead of `body`. */
  lines?: Iterable<string>
}

export interface Route {
  /** Name in statistics and fault plans. */
  name: string
  method: string
  /** `/v1.0/teams/:team/channels` */
  pattern: string
  /** Credentials, limits, permissions: answers a refusal, or undefined to go on. Faults come after it. */
  admit?(exchange: Exchange): Reply | undefined
  handle(exchange: Exchange): Reply | Promise<Reply>
  /** Control calls: no faults, no latency, no statistics. */
  control?: boolean
}

/** What a source tells the server about its API's manners. */
export interface Dialect {
  /** Rewrites decoded path segments before routing: OData's `teams('id')`. */
  segments?(segments: string[]): string[]
  /** Headers of every answer. */
  headers(exchange: Exchange): Record<string, string>
  /** The API's error body. */
  error(exchange: Exchange, status: number, about?: { code?: string; message?: string }): object
  /** The answer of a `throttle` fault, where it has more than a Retry-After and `error`. */
  throttled?(exchange: Exchange, fault: { status: number; retryAfter: string | undefined; scope?: string }): Reply
  /** The answer to a path that no route has; default 404 with `error`. */
  unrouted?(exchange: Exchange): Reply
  contentType: string
  /** What the Retry-After of a fault is promised for: the narrowest thing a client may take it for. */
  faultKey(exchange: Exchange): string
  /** All keys that this request counts against. */
  arrivalKeys(exchange: Exchange, route: Route): string[]
  /** Called with every answer, refusals and faults among them, before it is written. */
  replied?(exchange: Exchange, reply: Reply): void
  /** Called after a good answer of a route. */
  answered?(exchange: Exchange, route: Route, reply: Reply): void
}
