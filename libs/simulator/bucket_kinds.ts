import type { BucketUse } from './rate_buckets.ts'

/** How all buckets of one kind were used. */
export interface BucketKindUse {
  buckets: number
  accepted: number
  refused: number
  /** The greatest share of its limit that a bucket of this kind was used to, from its first to its last request: 0 to 1. */
  busiest: number
}

/** Sums buckets by kind. A benchmark compares `busiest` of the kind that binds with what it wants to reach. */
export function bucketKinds(buckets: Record<string, BucketUse>): Record<string, BucketKindUse> {
  const kinds: Record<string, BucketKindUse> = {}
  for (const use of Object.values(buckets)) {
    kinds[use.scope] ??= { buckets: 0, accepted: 0, refused: 0, busiest: 0 }
    const kind = kinds[use.scope]!
    kind.buckets++
    kind.accepted += use.accepted
    kind.refused += use.refused
    kind.busiest = Math.max(kind.busiest, shareOf(use))
  }
  return kinds
}

/** The window that is open at the end counts whole: what it had left was there to be used. */
function shareOf({ accepted, limit, window_ms, first_at, last_at }: BucketUse): number {
  const windows = Math.floor((last_at - first_at) / window_ms) + 1
  return accepted / (windows * limit)
}
