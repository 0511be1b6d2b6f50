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

/** Counts refused requests in a sliding window of ten minutes, to stop before Discord bans the address that sends them. */
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

/** So many APIs and bots a process counts for. One that uses more forgets the count of the one it has not used for longest. */
const MOST_COUNTED = 64
const counted = new Map<string, InvalidRequests>()

/**
 * The count of a bot at an API, which all its clients in this process share: each run of `sync --every` has a client of
 * its own, and Discord does not begin anew with it. One kilobyte each, 64 at most. Tests that must not meet have origins
 * of their own, as every local server has.
 */
export function invalidRequestsOf(origin: string, account: string): InvalidRequests {
  const key = `${account} ${origin}`
  const count = counted.get(key) ?? new InvalidRequests()
  counted.delete(key)
  counted.set(key, count)
  const [oldest] = counted.keys()
  if (counted.size > MOST_COUNTED) counted.delete(oldest!)
  return count
}
