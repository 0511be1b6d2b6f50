import type { Instant } from '../../../libs/connect/instant.ts'
import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import type { LimitOptions } from './types.ts'

/** The Retry-After that was seen in the wild (reference §8). */
const BAN_SECONDS = 66_271

/** A ban for too many invalid requests. */
const DAY_SECONDS = 86_400

const INVALID = new Set([401, 403, 429])

/** What every refusal by Cloudflare was promised for: all requests of the address. */
export const ADDRESS_KEY = 'address'

/** Stands before the API and bans the address: after too many invalid requests, or when the options say so. */
export class Cloudflare {
  #after: number
  #budget: { limit: number; windowMs: number }
  #requests = 0
  #bannedUntil = 0
  #invalid = { count: 0, until: 0 }

  constructor(limits: LimitOptions) {
    this.#after = limits.cloudflareAfter ?? Number.POSITIVE_INFINITY
    this.#budget = limits.invalidBudget ?? { limit: 10_000, windowMs: 600_000 }
  }

  /** The refusal of a banned address: plain text, and none of the API's headers. */
  admit(now: Instant): Reply | undefined {
    if (++this.#requests === this.#after) this.#bannedUntil = now + BAN_SECONDS * 1000
    if (now >= this.#bannedUntil) return undefined
    return {
      status: 429,
      headers: {
        'Content-Type': 'text/plain; charset=UTF-8',
        'Retry-After': String(Math.ceil((this.#bannedUntil - now) / 1000)),
      },
      body: 'error code: 1015',
      refused_by: 'cloudflare',
      promised: [ADDRESS_KEY],
      promised_until: this.#bannedUntil,
    }
  }

  /** Counts 401, 403 and 429; those of scope `shared` are nobody's fault. */
  replied(exchange: Exchange, reply: Reply): void {
    if (!INVALID.has(reply.status) || reply.headers?.['X-RateLimit-Scope'] === 'shared') return
    if (exchange.at >= this.#invalid.until) this.#invalid = { count: 0, until: exchange.at + this.#budget.windowMs }
    if (++this.#invalid.count > this.#budget.limit && this.#bannedUntil <= exchange.at)
      this.#bannedUntil = exchange.at + DAY_SECONDS * 1000
  }
}
