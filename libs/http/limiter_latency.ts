/** The quickest answer of the last one to two epochs counts as undelayed. */
const EPOCH_MS = 10_000
/** Until then connections are being made and code is cold: what is undelayed is not known yet. */
const COLD_MS = 2000

/**
 * Tells how much later than it could have a request may have reached the server. Machines and networks that stand
 * still for a moment deliver all at once what was sent meanwhile: the server counts it then, not when it was sent.
 * Where answers vary for other reasons this costs some of the rate, and saves the pauses that refusals bring.
 */
export class Latency {
  readonly #warmAt: number
  #epochEnds: number
  #quickest = Number.POSITIVE_INFINITY
  #quickestBefore = Number.POSITIVE_INFINITY

  constructor(now: number) {
    this.#warmAt = now + COLD_MS
    this.#epochEnds = now + EPOCH_MS
  }

  /** Milliseconds: `ms` is how long the answer took that is here now. */
  delayOf(ms: number, now: number): number {
    if (now >= this.#epochEnds) {
      this.#quickestBefore = this.#quickest
      this.#quickest = Number.POSITIVE_INFINITY
      this.#epochEnds = now + EPOCH_MS
    }
    this.#quickest = Math.min(this.#quickest, ms)
    // It cannot have arrived later than its answer.
    return now < this.#warmAt ? ms : ms - Math.min(this.#quickest, this.#quickestBefore)
  }
}
