import type { Instant } from '../connect/instant.ts'

/** A request that came before the time the server had named in Retry-After. */
export interface EarlyArrival {
  key: string
  /** Simulator time that was still to wait. */
  missing_ms: number
  /** The answer had left at least the grace before: the client must have seen it. */
  certain: boolean
}

interface Promised {
  until: Instant
  answeredAt: number
}

/**
 * Remembers every Retry-After by the key it was given for. A request in flight while the answer is on its way is
 * early without guilt; `certain` tells those apart by real time, because flight takes real time on any clock.
 */
export class RetryPromises {
  #promised = new Map<string, Promised>()
  #graceMs: number

  constructor(graceMs = 25) {
    this.#graceMs = graceMs
  }

  /** Call when the answer has been written. */
  give(key: string, until: Instant): void {
    const before = this.#promised.get(key)
    // Of two promises for one key the later time holds; the first answer started the clock of knowledge.
    if (before && before.until >= until) return
    this.#promised.set(key, { until, answeredAt: before?.answeredAt ?? performance.now() })
  }

  arrive(keys: readonly string[], now: Instant): EarlyArrival | undefined {
    let early: EarlyArrival | undefined
    for (const key of keys) {
      const promised = this.#promised.get(key)
      if (!promised) continue
      if (now >= promised.until) {
        this.#promised.delete(key)
        continue
      }
      const certain = performance.now() - promised.answeredAt >= this.#graceMs
      if (!early || (certain && !early.certain)) early = { key, missing_ms: promised.until - now, certain }
    }
    return early
  }
}
