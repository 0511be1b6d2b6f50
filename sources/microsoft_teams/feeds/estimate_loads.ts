import type { LimitLoad } from '../../../libs/connect/estimate.ts'
import { bucketsFor, type LimitScope } from '../client/limits.ts'

/** Sums requests by the limits that they count against, at the strict reading of each. */
export class LoadSum {
  readonly #loads = new Map<string, LimitLoad>()
  requests = 0

  add(scope: LimitScope, requests: number): void {
    this.requests += requests
    // The account is the same for every feed of a connection.
    for (const { key, limit, strict = limit, windowMs, rule = key } of bucketsFor('', scope)) {
      const load = this.#loads.get(key) ?? { key, rule, perSecond: (strict * 1000) / windowMs, requests: 0 }
      load.requests += requests
      this.#loads.set(key, load)
    }
  }

  get limits(): LimitLoad[] {
    return [...this.#loads.values()]
  }
}
