import type { FeedEstimate, PlannedRead } from '../../../libs/connect/estimate.ts'
import type { LimitScope } from '../client/limits.ts'
import { LoadSum } from './estimate_loads.ts'

/**
 * What lists cost of which each is usually one page.
 * @param scopeOf the limits that a partition's requests count against; null for one without a list
 */
export function estimateLists(
  reads: readonly PlannedRead[],
  scopeOf: (read: PlannedRead) => LimitScope | null,
): FeedEstimate {
  const loads = new LoadSum()
  for (const read of reads) {
    const scope = scopeOf(read)
    if (scope !== null) loads.add(scope, 1)
  }
  const basis = 'One request each; a list of several pages takes more.'
  return { atLeast: loads.requests, likely: loads.requests, basis, limits: loads.limits }
}
