import type { Cursor, Partition, ReadArgs } from './feed.ts'
import type { Instant } from './instant.ts'

/** What a feed is asked to guess the cost of: the partitions that a run would read, each with where it goes on. */
export interface EstimateArgs<C> extends ReadArgs<C> {
  /** Ceiling of the read. */
  until: Instant
  /** `cursor: null` reads from the beginning. */
  reads: readonly PlannedRead[]
  /** Requests may be made to count what nobody has counted; false where earlier runs tell more. */
  sample: boolean
}

export interface PlannedRead {
  partition: Partition
  cursor: Cursor | null
}

/** Requests that count against one documented limit. Limits of one key are shared by every feed of the connection. */
export interface LimitLoad {
  /** The limit's key, as the client's limiter names it. */
  key: string
  /** The rule that it is a case of (`team`, `export` …), for people. */
  rule: string
  perSecond: number
  requests: number
}

/** What a read would cost. */
export interface FeedEstimate {
  /** No read of these partitions needs fewer requests. */
  atLeast: number
  /** The best guess; null where there is nothing to go by. */
  likely: number | null
  /** How the guess was made, in sentences. */
  basis: string
  /** Of the guess, or of `atLeast` where there is none. */
  limits: LimitLoad[]
}
