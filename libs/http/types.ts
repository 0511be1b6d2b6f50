import type { ParleyError } from '../connect/error.ts'
import type { Instant } from '../connect/instant.ts'
import type { Runtime } from '../connect/source.ts'
import type { Redactor } from './redaction.ts'

/**
 * A documented limit: at most `limit` requests in any `windowMs`. The limiter starts there and moves with what
 * the server says. Requests of one key share the bucket, whoever sends them.
 */
export interface Bucket {
  key: string
  /** Requests per window; where a rule reads two ways, the loose reading. */
  limit: number
  windowMs: number
  /** The strict reading, where a rule reads two ways: the limiter starts here and proves its way up to `limit`. */
  strict?: number
  /** The limit is of one partition: the runtime's `partitionRateShare` divides it. */
  ofPartition?: boolean
  /** Buckets of one rule (every team's) share what was proved about its reading. */
  rule?: string
}

/** What an answer tells about a bucket, as `X-RateLimit-*` headers do. It may mislead: the limiter weighs it. */
export interface BucketFact {
  /** Of the bucket, as requests name it. */
  key: string
  /** Requests per window. */
  limit: number
  /** Length of the window, where the server tells it as such. */
  windowMs?: number
  /** Requests left in the window that runs, this one counted. */
  remaining?: number
  /** Until that window ends, from the answer on. */
  resetMs?: number
}

/** What a request may know when it is about to be sent. */
export interface AttemptInfo {
  /** From 1. */
  attempt: number
  /** The server answered 401 to the last credentials: fetch others. */
  force: boolean
  /** What `authorize` answered then: whoever has others by now need not fetch. */
  rejected?: Readonly<Record<string, string>>
  signal: AbortSignal
}

/** What an answer means. `final` is thrown as HttpStatusError unless `answers` lists its status. */
export type Verdict =
  | { kind: 'ok' }
  | { kind: 'final' }
  | { kind: 'retry'; reason: string; freshConnection?: boolean; retryAfterMs?: number }
  /** Asked again like `retry`, but ends as MalformedResponseError. */
  | { kind: 'malformed'; what: string }
  /**
   * Not a failed attempt: waits as long as the server says, or longer each time. `key`: the bucket it belongs to, where
   * known. `blameless`: it says nothing about our rate, as where others use the same thing up; it is only waited for.
   */
  | { kind: 'throttled'; retryAfterMs?: number; key?: string; blameless?: boolean }
  /** Ends the request with this error, without another try. */
  | { kind: 'fatal'; error: ParleyError }

export interface HttpRequest {
  method: 'GET' | 'POST'
  /** Absolute. */
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal
  /** Limits this request counts against, the most specific first: a refusal is blamed on them in this order. */
  buckets?: readonly Bucket[]
  /**
   * Credentials. Asked for before the request waits for its turn, so that a fetch does not waste the turn, and again just
   * before sending, when they should be at hand. After a 401 it is called with `force`, three times at most.
   */
  authorize?(attempt: AttemptInfo): Promise<Readonly<Record<string, string>>>
  /** `json`: a body that does not parse is asked again. Default `json`. */
  expect?: 'json' | 'bytes'
  /** Says why a parsed body is not what the API sends, or `undefined` if it is; a bad one is asked again. */
  check?(json: unknown): string | undefined
  /** Statuses that come back as a response although they are errors. Default none. */
  answers?: readonly number[]
  /** How many times a 404 is asked again before it is believed. Default 0. */
  retryNotFound?: number
  /** Overrides the meaning of an answer (`undefined`: the usual one): for APIs that throttle with 400 or in the body. */
  classify?(answer: HttpResponse): Verdict | undefined
  /** What an answer, whatever its status, tells about buckets. Called once an answer, before `classify`. Default nothing. */
  learn?(answer: HttpResponse): readonly BucketFact[]
  /** Takes no slot and no memory share: for a token request, which another request may be waiting for. Default false. */
  outOfBand?: boolean
}

export interface HttpResponse {
  status: number
  /** Lower-case names; a repeated header is joined with `, `. */
  headers: Readonly<Record<string, string>>
  /** Decompressed. */
  body: Buffer
  /** The parsed body. @throws SyntaxError where `expect` is `bytes` and the body is not JSON. */
  json(): unknown
  /** The server's `Date` header, whole seconds. */
  date: Instant | undefined
  /** Bytes received on the wire, before decompression. */
  bytes: number
  /** From sending to the last byte. */
  seconds: number
}

/** Options of the client; every one has a default. */
export interface HttpClientOptions {
  runtime: Runtime
  redactor?: Redactor
  /** Requests in flight, and connections kept alive to one origin. Default 50 (1 to 50). */
  maxConcurrentRequests?: number
  /** Until a connection stands, TLS included. Default 10. */
  connectTimeoutSeconds?: number
  /** From sending to the first byte of the answer. Default 60. */
  headersTimeoutSeconds?: number
  /** Between two pieces of a body. Default 60. */
  bodyTimeoutSeconds?: number
  /** One attempt as a whole. Default 300. */
  attemptTimeoutSeconds?: number
  /** Attempts that may fail before the source counts as unavailable. Default 8. */
  maxAttempts?: number
  /** The wait before the second try is at most this long, the next ones twice that each. Default 500. */
  retryDelayMs?: number
  /** Time that failed attempts may take together. Default 600. */
  maxRetrySeconds?: number
  /** How long one request may be held back by the server's throttling. Default 3600. */
  maxThrottleSeconds?: number
  /** A larger body, on the wire or decompressed, is an error. Default 268435456 (256 MiB). */
  maxResponseBytes?: number
  /** Sent as `User-Agent`. Default `parley-lakehouse`. */
  userAgent?: string
}

export interface HttpClient {
  /**
   * Sends until there is an answer.
   * @throws HttpStatusError for a final status, SourceUnavailableError, SourceThrottledError,
   *   MalformedResponseError, ResponseTooLargeError, ForeignRedirectError; the signal's reason when aborted.
   */
  request(request: HttpRequest): Promise<HttpResponse>
  /** Everything that waits, and every later request, ends with this error; what is on its way is still answered. */
  stop(error: Error): void
  /** Requests that wait now because of a limit of one partition (`Bucket.ofPartition`), while others could be sent. */
  held(): number
  /** Ends idle connections, and everything that waits. */
  close(): Promise<void>
}
