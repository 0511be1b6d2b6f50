import { OtherUse } from './limiter_others.ts'
import type { Trust } from './limiter_trust.ts'
import type { BucketFact } from './types.ts'

/** Waits of hours were told that were not enforced (reference discord §8): longer ones are cut to the usual window, until a refusal shows that they are meant. */
const MAX_TOLD_MS = 60_000
/** Two answers tell the same window when its ends lie this close, beside what they took on their way. */
const SAME_MS = 100
const SAME_SHARE = 0.1
/** A request may leave this part of its way before the window ends, and arrives after it. */
const EARLY = 0.6
/** Clocks and timers are not exact to the millisecond. */
const EARLY_GUARD_MS = 5

/** A limit as a server tells it: so many requests in so long a window. */
export interface ToldLimit {
  limit: number
  windowMs: number
}

/**
 * What a server's answers tell about a bucket: its limit, and what is left of the window that runs. Servers that tell
 * nothing leave it without effect. Times are the local clock's: a window ends at the latest when the answer arrived
 * plus what it told, so that nothing is sent too early.
 */
export class ToldWindow {
  readonly #trust: Trust
  readonly #others: OtherUse
  readonly #alone: boolean
  readonly #usualMs: number
  /** The limit, once a window was told whole. */
  #told: ToldLimit | undefined
  #limit = 0
  /** Requests left when the last answer was made; `undefined`: nothing is known of the window that runs. */
  #left: number | undefined
  #heardAt = Number.NEGATIVE_INFINITY
  /** When the window ends, as told, and not cut. */
  #endsAt = Number.NEGATIVE_INFINITY
  /** Requests of ours that this window may have counted. */
  #sent = 0
  #inFlight = 0
  /** What was known to be left for each that is in flight, 0 for nothing; answers come nearly in order. */
  readonly #lefts: number[] = []
  /** The shortest way there and back of late, in ms. */
  #quickest = 0

  /** `alone`: all of the limit is ours, so that requests of others are news. Where it is divided they are not. */
  constructor(trust: Trust, windowMs: number, alone: boolean) {
    this.#trust = trust
    this.#alone = alone
    this.#usualMs = windowMs
    this.#others = new OtherUse(windowMs)
  }

  /** The limit that is to be kept: believed, and of a window that may be meant. */
  get limit(): ToldLimit | undefined {
    const told = this.#told
    const meant = told !== undefined && (told.windowMs <= MAX_TOLD_MS || this.#trust.longBelieved)
    return meant && this.#trust.believed ? told : undefined
  }

  /** Others use the same credentials: our own pace says nothing about what is left. */
  get shared(): boolean {
    return this.#alone && this.#trust.believed && this.#others.seen(this.#heardAt)
  }

  /** Requests go as soon as there are any: what is left is known best right after an answer. */
  get hurries(): boolean {
    return this.shared && !this.#others.looking
  }

  took(now: number): void {
    if (this.#left !== undefined && now >= this.#reopensAt() && now >= this.#endsAt - this.#quickest) {
      this.#trust.confirm()
      this.#begin(undefined)
    }
    this.#lefts.push(this.#left === undefined ? 0 : this.#left - this.#inFlight)
    this.#sent++
    this.#inFlight++
  }

  /** A request that was taken is answered or given up. */
  settled(): void {
    this.#lefts.shift()
    this.#inFlight--
  }

  /** The answer of a request that was served, sent at `sentAt` and here `now`; before it is settled. */
  heard({ limit, windowMs, remaining, resetMs }: BucketFact, sentAt: number, now: number): void {
    if (!(limit >= 1 && Number.isFinite(limit))) return
    if (windowMs !== undefined && windowMs > 0) this.#told = { limit, windowMs }
    if (remaining === undefined || resetMs === undefined || !(remaining >= 0 && resetMs >= 0)) return
    const endsAt = now + resetMs
    const tookMs = now - sentAt
    this.#quickest = this.#quickest === 0 ? tookMs : Math.min(this.#quickest * 1.02, tookMs)
    const tolerance = SAME_MS + tookMs + SAME_SHARE * Math.min(resetMs, MAX_TOLD_MS)
    const { began, stale } = this.#compare(remaining, endsAt, tolerance, sentAt)
    if (stale) return
    if (began) this.#begin(remaining)
    this.#endsAt = began || this.#left === undefined ? endsAt : Math.min(this.#endsAt, endsAt)
    this.#left = Math.min(this.#left ?? remaining, remaining)
    this.#limit = limit
    this.#heardAt = now
    // The first of a window: what is left of it is all of it.
    if (remaining === limit - 1 && resetMs > 0) this.#told = { limit, windowMs: resetMs }
    this.#ended(false)
    this.#others.counted(limit - this.#left - this.#sent, now)
  }

  /** A request sent at `sentAt` was refused. True when it was not our rate: others had taken what was left. */
  refused(sentAt: number): boolean {
    const isLong = this.#endsAt - this.#heardAt > MAX_TOLD_MS
    const cut = this.#left === 0 && isLong && sentAt < this.#endsAt && sentAt >= this.#heardAt + this.#usualMs
    if (cut) this.#trust.meantLong()
    this.#ended(true)
    return this.shared
  }

  /** When a request may go, as far as the told window is concerned. */
  readyAt(now: number): number {
    const known = this.#trust.believed && this.#left !== undefined && now < this.#reopensAt()
    // Nothing is known of the window: where others take part, one request finds out for all.
    if (!known) return this.shared && this.#inFlight > 0 ? now + SAME_MS : Number.NEGATIVE_INFINITY
    const left = this.#left! - this.#inFlight
    const spare = this.shared ? left - this.#others.reserve(this.#limit) : left
    const taken = this.shared && this.#others.mayHaveTaken(left, now - this.#heardAt, this.#inFlight)
    return spare > 0 && !taken ? Number.NEGATIVE_INFINITY : this.#reopensAt()
  }

  isIdle(now: number): boolean {
    return now >= this.#reopensAt()
  }

  /** Is this another window than the one that is known, or does the answer come from one before it? */
  #compare(remaining: number, endsAt: number, tolerance: number, sentAt: number): { began: boolean; stale: boolean } {
    if (this.#left === undefined) return { began: false, stale: false }
    // Sent after the last answer was here: answers that overtook each other prove nothing.
    const after = sentAt >= this.#heardAt
    const inside = after && sentAt < this.#endsAt - tolerance
    const anew = inside && remaining > this.#left
    // Served, and not counted.
    if (inside && remaining >= this.#left) this.#trust.contradict()
    return {
      began: anew || endsAt > this.#endsAt + tolerance,
      stale: !after && endsAt < this.#endsAt - tolerance,
    }
  }

  #ended(refused: boolean): void {
    const [left = 0] = this.#lefts
    if (left > 0 && this.shared) this.#others.ended(left, refused)
  }

  #reopensAt(): number {
    const endsAt = this.#endsAt - Math.max(0, EARLY * this.#quickest - EARLY_GUARD_MS)
    const isLong = this.#endsAt - this.#heardAt > MAX_TOLD_MS
    return isLong && !this.#trust.longBelieved ? this.#heardAt + this.#usualMs : endsAt
  }

  #begin(left: number | undefined): void {
    this.#others.close(this.#heardAt, this.#endsAt, this.limit?.windowMs ?? this.#usualMs)
    this.#left = left
    this.#sent = this.#inFlight
  }
}
