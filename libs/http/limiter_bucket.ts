import { Latency } from './limiter_latency.ts'
import { AdaptiveLevel, type LevelLimits } from './limiter_level.ts'
import { RequestLog } from './limiter_log.ts'
import type { RuleBook } from './limiter_rules.ts'
import { ToldWindow } from './limiter_told.ts'
import type { Bucket, BucketFact } from './types.ts'

/** Requests are spread over the window a little slower than the level, so that the window is never quite full. */
const PACE = 0.99
/** Added to every window: requests sent that far apart may reach the server closer together. */
const GUARD_MS = 20

/**
 * One limit of a server. Two rules at once make it hold for whatever the server counts with (sliding log, fixed
 * window, token bucket, leaky bucket): requests are paced evenly, with a little slack for late timers; and never
 * more than the level are sent in a window, so that the slack cannot add up to a burst.
 */
export class LimiterBucket {
  readonly key: string
  /** The limit is of one partition: see `Bucket.ofPartition`. */
  readonly ofPartition: boolean
  readonly level: AdaptiveLevel
  readonly #windowMs: number
  readonly #share: number
  readonly #declared: number
  /** The limits that hold where the server tells none. */
  readonly #own: LevelLimits
  readonly #told: ToldWindow
  readonly #log: RequestLog
  /** How long answers of this bucket usually take. */
  readonly latency: Latency
  /** When the next request is due at an even pace. */
  #due = Number.NEGATIVE_INFINITY
  /** No request before: what the server asked for. */
  pausedUntil = Number.NEGATIVE_INFINITY
  /** Since when nothing but refusals came; `undefined` while requests succeed. */
  refusingSince: number | undefined
  /** Refusals in a row, in-flight ones counted once. */
  refusals = 0
  /** Refusals of requests of this bucket that another one was blamed for, since the last success. */
  suspicions = 0
  /** Requests that wait or are in flight. */
  users = 0
  #refusedAt = Number.NEGATIVE_INFINITY
  #lastUsed: number

  constructor(bucket: Bucket, share: number, rules: RuleBook, now: number) {
    this.#lastUsed = now
    this.latency = new Latency(now)
    this.key = bucket.key
    this.ofPartition = bucket.ofPartition === true
    this.#windowMs = bucket.windowMs
    const loose = bucket.limit * share
    const strict = Math.min(loose, (bucket.strict ?? bucket.limit) * share)
    this.#share = share
    this.#declared = bucket.strict ?? bucket.limit
    this.#own = { strict, loose, windowMs: bucket.windowMs }
    this.level = new AdaptiveLevel(bucket.key, this.#own, rules)
    this.#told = new ToldWindow(rules.trust, bucket.windowMs, share >= 1)
    this.#log = new RequestLog(loose)
  }

  /** The earliest moment at which a request may be sent. */
  readyAt(now: number): number {
    const span = Math.min(this.#windowMs, this.#told.limit?.windowMs ?? this.#windowMs)
    const count = Math.max(1, Math.round((this.level.value * span) / this.#windowMs))
    // A level of 3.6 in a second is kept as 4 in 1.11 s: a whole number of requests in a longer window.
    const windowMs = (this.#windowMs * count) / this.level.value + GUARD_MS
    const due = this.#told.hurries ? Number.NEGATIVE_INFINITY : this.#due - this.#slack()
    return Math.max(this.pausedUntil, due, this.#log.nth(count) + windowMs, this.#told.readyAt(now))
  }

  /** Requests per window: as told, or as declared, at the strict reading. */
  get limit(): number {
    return this.#told.limit?.limit ?? this.#declared
  }

  /** True when what the server told decides, so that an answer may let the next one go. */
  get shared(): boolean {
    return this.#told.shared
  }

  take(now: number): void {
    this.#told.took(now)
    this.#due = Math.max(this.#due, now) + this.#interval()
    this.#log.add(now)
    this.#lastUsed = now
  }

  /** A request sent at `sentAt` reached the server this much later than usual. */
  delayed(sentAt: number, delayMs: number): void {
    this.#log.move(sentAt, sentAt + delayMs)
  }

  /** A request that was taken is answered or given up. */
  settled(): void {
    this.#told.settled()
  }

  /** What the answer to a request sent at `sentAt`, which was served, tells; before it is settled. */
  told(fact: BucketFact, sentAt: number, now: number): void {
    this.#told.heard(fact, sentAt, now)
    this.level.relimit(this.#limits(), now)
  }

  /** How full the last window was, 1 being the level. */
  usage(now: number): number {
    return this.#log.countSince(now - this.#windowMs) / Math.max(1, this.level.value)
  }

  succeeded(sentAt: number, now: number): void {
    this.refusals = 0
    this.suspicions = 0
    this.refusingSince = undefined
    this.level.succeeded(sentAt, now, now - sentAt)
  }

  /**
   * A request sent at `sentAt` was refused, and this bucket is blamed: nothing of it goes out before `until`.
   * `blameless`: that was not for its rate.
   */
  refused(sentAt: number, now: number, until: number, blameless = false): void {
    if (!this.knows(sentAt)) this.refusals++
    if (!this.#told.refused(sentAt) && !blameless) this.level.refused(sentAt, now, until - now)
    this.#refusedAt = now
    this.refusingSince ??= now
    this.pausedUntil = Math.max(this.pausedUntil, until)
  }

  /** True when a request sent at `sentAt` was on its way when the last refusal came back. */
  knows(sentAt: number): boolean {
    return sentAt < this.#refusedAt
  }

  /** True when a new bucket would do as well: nothing is pending, logged or learnt. */
  isIdle(now: number): boolean {
    if (this.users > 0 || now < this.pausedUntil || now < this.#due || !this.#told.isIdle(now)) return false
    const age = now - this.#lastUsed
    return age > 600_000 || (age > 2 * this.#windowMs && this.level.pristine && !this.shared)
  }

  /** A rate that is told and lower holds; one that is told and higher is only how far to try. */
  #limits(): LevelLimits {
    const told = this.#told.limit
    if (told === undefined) return this.#own
    const { strict, loose, windowMs } = this.#own
    const rate = (told.limit * this.#share * windowMs) / told.windowMs
    return { strict: Math.min(strict, rate), loose: Math.min(loose, rate), windowMs }
  }

  #interval(): number {
    return this.#windowMs / (this.level.value * PACE)
  }

  /** Late timers are made up for, by at most 50 ms; slow buckets need no such help. */
  #slack(): number {
    const interval = this.#interval()
    return interval >= 50 ? Math.min(25, interval * 0.1) : 50
  }
}
