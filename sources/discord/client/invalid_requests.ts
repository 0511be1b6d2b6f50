/** So many answers 401, 403 and 429 in ten minutes lead to a ban of the address (reference discord §8). */
export const MOST_INVALID = 10_000
const WINDOW_MS = 600_000
/** The window is counted in steps, so that its memory is bounded. */
const STEP_MS = 10_000
const STEPS = WINDOW_MS / STEP_MS + 1
const WARN_AT = 0.5 * MOST_INVALID
const STOP_AT = 0.8 * MOST_INVALID

/** Where the budget stands after an answer: told once each until it has recovered. */
export type InvalidStanding = 'fine' | 'half' | 'spent'

/** Counts a client's refused requests in a sliding window of ten minutes, to stop before Discord bans its address. */
export class InvalidRequests {
  readonly #counts = new Float64Array(STEPS)
  readonly #steps = new Float64Array(STEPS).fill(-1)
  #warned = false

  /** Counts one at `now` (ms). */
  add(now: number): InvalidStanding {
    const step = Math.floor(now / STEP_MS)
    const slot = step % STEPS
    if (this.#steps[slot] !== step) {
      this.#steps[slot] = step
      this.#counts[slot] = 0
    }
    this.#counts[slot]!++
    const count = this.count(now)
    if (count >= STOP_AT) return 'spent'
    if (count < WARN_AT) this.#warned = false
    else if (!this.#warned) {
      this.#warned = true
      return 'half'
    }
    return 'fine'
  }

  /** Refused requests of the last ten minutes, and up to ten seconds more. */
  count(now: number): number {
    const last = Math.floor(now / STEP_MS)
    return this.#steps.reduce((sum, step, slot) => (step > last - STEPS ? sum + this.#counts[slot]! : sum), 0)
  }

  /** When enough of them are forgotten that there is half of the budget again, in ms. */
  recoversAt(now: number): number {
    const last = Math.floor(now / STEP_MS)
    for (let step = last; step < last + STEPS; step++) if (this.count(step * STEP_MS) < WARN_AT) return step * STEP_MS
    return (last + STEPS) * STEP_MS
  }
}
