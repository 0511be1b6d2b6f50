import { Trust } from './limiter_trust.ts'

/** How long a key may hold the place of the one that tries, without raising further. */
const PROBE_MS = 60_000
const MAX_FAILURES = 8

/**
 * What the buckets of one rule (4 per second on any team) share about its reading: when one of them proves that
 * more is allowed, all may use it; while one tries, the others do not; and what failed for one, the others do not
 * try again each for itself.
 */
export class RuleBook {
  /** Of what the server tells about windows of this rule. */
  readonly trust = new Trust()
  /** The highest level that held, 0 for none. */
  proven = 0
  /** Moves when something proven turns out false: who relied on it goes back. */
  epoch = 0
  /** Tries that failed; each doubles what the next one needs. */
  failures = 0
  /** Requests of the whole rule since the last refusal of a try. */
  clean = 0
  #notBefore = Number.NEGATIVE_INFINITY
  #prober: string | undefined
  #probeUntil = Number.NEGATIVE_INFINITY

  /** One key at a time. */
  mayProbe(key: string, now: number): boolean {
    if (now < this.#notBefore) return false
    if (this.#prober !== undefined && this.#prober !== key && now < this.#probeUntil) return false
    this.#prober = key
    this.#probeUntil = now + PROBE_MS
    return true
  }

  prove(level: number): void {
    this.proven = Math.max(this.proven, level)
    this.failures = Math.max(0, this.failures - 1)
  }

  refute(key: string): void {
    this.proven = 0
    this.epoch++
    this.failures = Math.min(MAX_FAILURES, this.failures + 1)
    this.clean = 0
    if (this.#prober === key) this.#prober = undefined
  }

  /** A refused try cost a pause: the next try waits so long that pauses stay a small share of all time. */
  postpone(until: number): void {
    this.#notBefore = Math.max(this.#notBefore, until)
  }
}
