import type { RuleBook } from './limiter_rules.ts'

/**
 * Clean requests that a raise needs, for each request it may get refused: to leave the strict reading, to go on once
 * twice the strict reading has held, and to come back to it from below.
 */
const PATIENCE_LEAVE = 120
const PATIENCE_ABOVE = 60
const PATIENCE_BELOW = 50
/** A pause of 1 s that a raise brought on is followed by at least 100 s without another raise. */
const PAUSE_PATIENCE = 100
const MAX_FAILURES = 8
/** One refusal may be chance; the next ones without a clean stretch between them are not. */
const DECREASE = [0.985, 0.93, 0.8, 0.5] as const

export interface LevelLimits {
  /** Requests per window that the rule certainly allows. */
  strict: number
  /** Requests per window that it may allow. */
  loose: number
  windowMs: number
}

/**
 * How many requests per window a bucket uses now: begins at the strict reading, rises while more is wanted and nothing
 * is refused, falls on refusal. A raise that fails makes the next one exponentially rarer.
 */
export class AdaptiveLevel {
  #limits: LevelLimits
  readonly #rules: RuleBook
  readonly #key: string
  value: number
  /** Requests had to wait for this bucket since the level last moved. */
  wanted = false
  /** The level before the last raise; equal to `value` once that has held. */
  #held: number
  /** The rule's epoch when this level was taken over from another key; -1: not taken over. */
  #adopted = -1
  #growth = 2
  #failures = 0
  #severity = 0
  #changedAt = Number.NEGATIVE_INFINITY
  #eventAt = Number.NEGATIVE_INFINITY
  #notBefore = Number.NEGATIVE_INFINITY
  #atLevel = 0
  #clean = 0

  constructor(key: string, limits: LevelLimits, rules: RuleBook) {
    this.#key = key
    this.#limits = limits
    this.#rules = rules
    this.value = Math.min(limits.loose, Math.max(limits.strict, rules.proven))
    this.#held = this.value
    if (this.value > limits.strict) this.#adopted = rules.epoch
  }

  /** True while a new bucket of the same key would behave the same. */
  get pristine(): boolean {
    return this.#failures === 0 && this.#severity === 0 && this.value >= this.#limits.strict
  }

  /** The server told other limits. A lower one holds at once; a level that refusals had lowered stays low. */
  relimit(limits: LevelLimits, now: number): void {
    const { strict, loose } = this.#limits
    if (limits.strict === strict && limits.loose === loose) return
    this.#limits = limits
    if (this.value > limits.loose) this.#change(limits.loose, now)
    else if (this.value >= strict && this.value < limits.strict) this.#change(limits.strict, now)
  }

  /** A request sent at `sentAt` was answered without refusal, after `rttMs`. */
  succeeded(sentAt: number, now: number, rttMs: number): void {
    this.#clean++
    this.#rules.clean++
    if (sentAt >= this.#changedAt) this.#atLevel++
    if (this.#clean > Math.max(100, 4 * this.value)) this.#severity = 0
    if (this.#adopted >= 0 && this.#adopted !== this.#rules.epoch) this.#change(this.#limits.strict, now)
    if (this.#atLevel === this.#confirmAfter()) this.#confirm()
    if (this.value < this.#limits.loose && this.wanted) this.#raise(now, rttMs)
  }

  /** A request sent at `sentAt` was refused. False when it belongs to a refusal that was heeded already. */
  refused(sentAt: number, now: number, pauseMs: number): boolean {
    if (sentAt < this.#eventAt) return false
    // Where everything is refused the rate is not the reason, and the pause is the answer.
    const storm = this.#clean === 0 && this.#eventAt > Number.NEGATIVE_INFINITY
    this.#eventAt = now
    if (!storm) this.#fall(now, pauseMs)
    this.#clean = 0
    this.#severity = Math.min(this.#severity + 1, DECREASE.length - 1)
    return true
  }

  /** Two windows' worth of requests, and never a handful, prove a level. */
  #confirmAfter(): number {
    return Math.ceil(Math.max(20, 2 * this.value))
  }

  #confirm(): void {
    if (this.value > this.#held) {
      this.#failures = Math.max(0, this.#failures - 1)
      this.#growth = Math.min(2, this.#growth * 1.2)
    }
    this.#held = this.value
    if (this.value > this.#limits.strict && this.#adopted < 0) this.#rules.prove(this.value)
  }

  #raise(now: number, rttMs: number): void {
    const { strict, loose } = this.#limits
    if (this.value < strict) {
      this.#recover(now, rttMs)
      return
    }
    const proven = Math.min(loose, this.#rules.proven)
    if (proven > this.value) {
      this.#change(proven, now)
      this.#adopted = this.#rules.epoch
      return
    }
    const next = Math.min(loose, this.value * this.#growth)
    const patience = this.value >= 2 * strict ? PATIENCE_ABOVE : PATIENCE_LEAVE
    const needed = patience * this.#cost(next, rttMs) * 2 ** this.#rules.failures
    if (this.#atLevel < this.#confirmAfter() || this.#rules.clean < needed) return
    if (this.#rules.mayProbe(this.#key, now)) this.#change(next, now)
  }

  /** Below what the documentation allows: back towards it. */
  #recover(now: number, rttMs: number): void {
    const next = Math.min(this.#limits.strict, this.value * Math.min(1.25, this.#growth))
    const needed = PATIENCE_BELOW * this.#cost(next, rttMs) * 2 ** this.#failures
    if (this.#atLevel >= this.#confirmAfter() && this.#clean >= needed && now >= this.#notBefore)
      this.#change(next, now)
  }

  /** Requests that are in flight when the first refusal comes back: they are refused with it. */
  #cost(level: number, rttMs: number): number {
    return Math.max(1, (level * rttMs) / this.#limits.windowMs)
  }

  #fall(now: number, pauseMs: number): void {
    const { strict } = this.#limits
    const failed = this.value > this.#held
    if (failed) this.#growth = Math.max(1.05, 1 + (this.#growth - 1) / 2)
    if (this.value > strict) {
      this.#rules.refute(this.#key)
      this.#rules.postpone(now + pauseMs * PAUSE_PATIENCE * 2 ** (this.#rules.failures - 1))
      // A raise that failed: back to the level before; and if that fails as well, to what is certain.
      const back = failed ? this.#held : Math.max(strict, this.value * DECREASE[0])
      this.#change(this.#severity > 0 ? strict : back, now)
      return
    }
    if (failed) {
      this.#failures = Math.min(MAX_FAILURES, this.#failures + 1)
      this.#notBefore = now + pauseMs * PAUSE_PATIENCE * 2 ** (this.#failures - 1)
    }
    this.#change(Math.max(strict / 50, this.value * DECREASE[this.#severity]!), now)
  }

  #change(value: number, now: number): void {
    this.#held = Math.min(this.value, value)
    this.value = value
    this.#adopted = -1
    this.#changedAt = now
    this.#atLevel = 0
    this.wanted = false
  }
}
