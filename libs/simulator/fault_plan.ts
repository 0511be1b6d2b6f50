/**
 * Faults on demand, as plain JSON: a plan can be written in a test, read from a file (`parley simulate --faults PLAN`)
 * or posted to a running simulator. The first rule that fires decides; a request gets at most one fault.
 */
export interface FaultPlan {
  /** Chance of this plan; default: the simulator's seed. */
  seed?: number
  rules: FaultRule[]
}

/** Which requests a fault hits. All conditions given must hold. */
export interface FaultRule {
  /** Name in statistics; default the fault's kind. */
  id?: string
  /** The simulator's name of the call (`export`, `channel_messages` …). */
  route?: string
  /** Pattern of the decoded path: `*` is anything within a segment, `**` anything. Case is ignored. */
  path?: string
  /** Text that the decoded query string must contain (`$skiptoken`). */
  query?: string
  method?: string
  /** Which of the matching requests, counted from 1. */
  nth?: number | number[]
  /** Every so many matching requests. */
  every?: number
  /** 0 to 1; drawn from the plan's seed. */
  probability?: number
  /** At most so many times. */
  count?: number
  /** Not before, not after: milliseconds of the simulator's clock since it started. */
  from_ms?: number
  until_ms?: number
  fault: Fault
}

/** Every form of Retry-After: seconds (also 0, 2.128, 3600), an HTTP date so many seconds ahead, any text, or none. */
export type RetryAfter = number | { http_date_in: number } | string | null

export type Fault = ReplyFault | WireFault | PageFault

/** Faults that replace the answer. */
export type ReplyFault =
  /** 429 (or another status) with the API's throttle body. `scope` where the API says whose limit it is: `user`, `global`, `shared`. */
  | { kind: 'throttle'; status?: number; retry_after?: RetryAfter; scope?: string }
  /** 500, 502, 503, 504, 509, 400, 410 … with the API's error body. */
  | { kind: 'status'; status: number; code?: string; message?: string; retry_after?: RetryAfter }
  /** 401 as for a token whose time is over. */
  | { kind: 'token_expired' }
  | { kind: 'redirect'; location: string; status?: number }
  /** 200 with a body that is not JSON. */
  | { kind: 'malformed'; body?: string }

/** Faults on the way of a good answer. */
export type WireFault =
  /** TCP reset. */
  | { kind: 'reset'; when: 'before_headers' | 'mid_body' }
  /** JSON cut in the middle: `declared: full` announces the whole length and closes early, `cut` announces what is sent. */
  | { kind: 'truncate'; declared: 'full' | 'cut' }
  /** The connection stays open and nothing comes: for `ms`, or for ever. */
  | { kind: 'stall'; when: 'before_headers' | 'mid_body'; ms?: number }
  /** The body comes in `chunk_bytes` every `every_ms`. */
  | { kind: 'drip'; chunk_bytes: number; every_ms: number }
  /** Valid JSON with so many bytes of padding before the rows. */
  | { kind: 'huge'; bytes: number }

/** Faults in what a page holds. On answers that are not pages they do nothing. */
export type PageFault =
  /** No rows, but a nextLink to the rows that were asked for. */
  | { kind: 'empty_page' }
  /** The last rows of the page before come again. */
  | { kind: 'overlap'; rows: number }
  /** The nextLink is the link of this page. */
  | { kind: 'repeat_link' }
  /** A nextLink to another origin. */
  | { kind: 'foreign_link'; origin: string }
  /** These members are written over those of one row: odd types, missing keys (value `null`), hostile text. `drop` removes members. */
  | { kind: 'hostile_row'; row?: number; set?: Record<string, unknown>; drop?: string[] }
  /** One row (default the first) is this text, letter for letter: double keys, numbers beyond 2^53, broken JSON. */
  | { kind: 'raw_row'; row?: number; json: string }
  /** The same rows in another order. */
  | { kind: 'shuffle' }

export type FaultKind = Fault['kind']

export const PAGE_FAULTS: readonly FaultKind[] = [
  'empty_page',
  'overlap',
  'repeat_link',
  'foreign_link',
  'hostile_row',
  'raw_row',
  'shuffle',
]
export const REPLY_FAULTS: readonly FaultKind[] = ['throttle', 'status', 'token_expired', 'redirect', 'malformed']
export const WIRE_FAULTS: readonly FaultKind[] = ['reset', 'truncate', 'stall', 'drip', 'huge']
