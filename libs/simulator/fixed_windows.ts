import type { Instant } from '../connect/instant.ts'
import type { BucketUse, Limit } from './rate_buckets.ts'

/** What a bucket says of itself after a request. */
export interface WindowState {
  accepted: boolean
  limit: number
  remaining: number
  /** When the bucket is full again. */
  resets_at: Instant
}

interface Window {
  used: number
  resets_at: Instant
  use: BucketUse
}

/**
 * Fixed windows: the first request opens one, `limit` requests fit, and at its end the count begins anew. A refused
 * request does not count, so knocking does no harm and waiting to the end is all that helps.
 */
export class FixedWindows {
  #windows = new Map<string, Window>()

  take(limit: Limit, now: Instant): WindowState {
    const window = this.#window(limit, now)
    if (now >= window.resets_at) Object.assign(window, { used: 0, resets_at: now + window.use.window_ms })
    const accepted = window.used < limit.limit
    if (accepted) window.used++
    window.use.last_at = now
    window.use[accepted ? 'accepted' : 'refused']++
    return { accepted, limit: limit.limit, remaining: limit.limit - window.used, resets_at: window.resets_at }
  }

  uses(): Record<string, BucketUse> {
    return Object.fromEntries([...this.#windows].map(([key, { use }]) => [key, { ...use }]))
  }

  /** Forgets the counts, not the windows. */
  resetUses(now: Instant): void {
    for (const { use } of this.#windows.values())
      Object.assign(use, { accepted: 0, refused: 0, first_at: now, last_at: now })
  }

  #window({ key, scope, limit, window_ms = 1000 }: Limit, now: Instant): Window {
    let window = this.#windows.get(key)
    if (!window) {
      const use = { scope, limit, window_ms, accepted: 0, refused: 0, first_at: now, last_at: now }
      window = { used: 0, resets_at: now + window_ms, use }
      this.#windows.set(key, window)
    }
    return window
  }
}
