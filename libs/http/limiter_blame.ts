import type { LimiterBucket } from './limiter_bucket.ts'

/** A bucket this full may have been the one that overflowed. */
const FULL = 0.7
/** So many refusals under one wide bucket without a success: it is not about the narrow ones. */
const SUSPICIONS = 2

/**
 * Which of a request's buckets (most specific first) a refusal belongs to, as servers do not say: the one that was
 * fullest; where none was full, the most specific. Where that does not help, because refusals go on, the next wider.
 */
export function blame(buckets: readonly LimiterBucket[], sentAt: number, now: number): LimiterBucket | undefined {
  const known = buckets.find((bucket) => bucket.knows(sentAt))
  const widest = buckets.at(-1)
  const blamed =
    buckets.find((bucket) => bucket.suspicions >= SUSPICIONS) ??
    known ??
    fullest(buckets, now) ??
    buckets.find((bucket) => bucket.refusals === 0) ??
    widest
  for (const bucket of buckets) if (bucket !== blamed && blamed !== known) bucket.suspicions++
  return blamed
}

function fullest(buckets: readonly LimiterBucket[], now: number): LimiterBucket | undefined {
  let found: LimiterBucket | undefined
  let most = FULL
  for (const bucket of buckets) {
    const usage = bucket.usage(now)
    if (usage <= most || bucket.refusals > 0) continue
    found = bucket
    most = usage
  }
  return found
}
