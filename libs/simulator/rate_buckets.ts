import type { Instant } from '../connect/instant.ts'

/** One limit that a request counts against: at most `limit` units in any `window_ms`. */
export interface Limit {
  /** Kind of bucket, for statistics: `app_tenant`, `team`, `channel`. */
  scope: string
  /** The bucket itself. */
  key: string
  limit: number
  /** Default 1000. */
  window_ms?: number
  /** Units this request costs; default 1. */
  cost?: number
}

export interface RateRefusal {
  limit: Limit
  /** From now until the bucket has room, if nothing else arrives. */
  wait_ms: number
}

/** How one bucket was used. Times are the simulator's clock. */
export interface BucketUse {
  scope: string
  limit: number
  window_ms: number
  accepted: number
  refused: number
  first_at: Instant
  last_at: Instant
}

interface Bucket {
  stamps: Float64Array
  head: number
  use: BucketUse
}

/**
 * Strict sliding logs: no window of `window_ms`, wherever it begins, ever holds more than `limit` units.
 * Refused requests are written to the log as well, because they count against the quota (reference §3.2),
 * so a client that keeps knocking stays outside.
 */
export class RateBuckets {
  #buckets = new Map<string, Bucket>()

  /** Counts the request in all of its buckets and says whether one of them is full. */
  take(limits: readonly Limit[], now: Instant): RateRefusal | undefined {
    let refused: RateRefusal | undefined
    for (const limit of limits) {
      const bucket = this.#bucket(limit, now)
      const cost = limit.cost ?? 1
      const full = now - oldest(bucket, cost) < bucket.use.window_ms
      for (let unit = 0; unit < cost; unit++) push(bucket, now)
      bucket.use.last_at = now
      if (!full) continue
      const wait_ms = bucket.use.window_ms - (now - oldest(bucket, cost))
      if (!refused || wait_ms > refused.wait_ms) refused = { limit, wait_ms }
    }
    for (const limit of limits) {
      const { use } = this.#buckets.get(limit.key)!
      if (!refused) use.accepted++
      else if (refused.limit === limit) use.refused++
    }
    return refused
  }

  uses(): Record<string, BucketUse> {
    return Object.fromEntries([...this.#buckets].map(([key, bucket]) => [key, { ...bucket.use }]))
  }

  /** Forgets the counts, not the logs. */
  resetUses(now: Instant): void {
    for (const { use } of this.#buckets.values())
      Object.assign(use, { accepted: 0, refused: 0, first_at: now, last_at: now })
  }

  #bucket(limit: Limit, now: Instant): Bucket {
    let bucket = this.#buckets.get(limit.key)
    if (!bucket) {
      const window_ms = limit.window_ms ?? 1000
      const use = {
        scope: limit.scope,
        limit: limit.limit,
        window_ms,
        accepted: 0,
        refused: 0,
        first_at: now,
        last_at: now,
      }
      bucket = { stamps: new Float64Array(limit.limit).fill(Number.NEGATIVE_INFINITY), head: 0, use }
      this.#buckets.set(limit.key, bucket)
    }
    return bucket
  }
}

/** The stamp that must have left the window before `cost` more units fit. */
function oldest(bucket: Bucket, cost: number): number {
  return bucket.stamps[(bucket.head + cost - 1) % bucket.stamps.length]!
}

function push(bucket: Bucket, now: Instant): void {
  bucket.stamps[bucket.head] = now
  bucket.head = (bucket.head + 1) % bucket.stamps.length
}
