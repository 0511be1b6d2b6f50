import type { FeedEstimate, PlannedRead } from '../../../libs/connect/estimate.ts'
import { LoadSum } from '../../../libs/http/load_sum.ts'
import { bucketsFor, type LimitScope } from '../client/limits.ts'

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
    if (scope !== null) loads.add(bucketsOf(scope), 1)
  }
  const basis = 'One request each; a list of several pages takes more.'
  return { atLeast: loads.requests, likely: loads.requests, basis, limits: loads.limits }
}

/** The limits of a request. The account, which is the same for every feed of a connection, is left out of their keys. */
export function bucketsOf(scope: LimitScope) {
  return bucketsFor('', scope)
}
