import type { LimitLoad } from '../connect/estimate.ts'
import type { Bucket } from './types.ts'

/** Sums requests by the limits that they count against, at the strict reading of each. */
export class LoadSum {
  readonly #loads = new Map<string, LimitLoad>()
  requests = 0

  add(buckets: readonly Bucket[], requests: number): void {
    this.requests += requests
    for (const { key, limit, strict = limit, windowMs, rule = key } of buckets) {
      const load = this.#loads.get(key) ?? { key, rule, perSecond: (strict * 1000) / windowMs, requests: 0 }
      load.requests += requests
      this.#loads.set(key, load)
    }
  }

  get limits(): LimitLoad[] {
    return [...this.#loads.values()]
  }
}
