/** Servers that tell their limits in their answers, truly or not (reference discord §8). Times are ms. */
export interface Told {
  limit: number
  remaining: number
  resetMs: number
}

export interface Answer {
  served: boolean
  retryAfterMs?: number
  told?: Told
}

export interface TellingServer {
  answer(now: number): Answer
}

/** Counts from the first request of a window on, as Discord does. Refused requests do not count. */
export class Window {
  readonly limit: number
  readonly windowMs: number
  #endsAt = Number.NEGATIVE_INFINITY
  #used = 0

  constructor(limit: number, windowMs: number) {
    this.limit = limit
    this.windowMs = windowMs
  }

  answer(now: number): Answer & { told: Told } {
    if (now >= this.#endsAt) {
      this.#endsAt = now + this.windowMs
      this.#used = 0
    }
    const served = this.#used < this.limit
    if (served) this.#used++
    const resetMs = this.#endsAt - now
    const told = { limit: this.limit, remaining: this.limit - this.#used, resetMs }
    // Whole seconds, rounded up, as the header has them.
    return served ? { served, told } : { served, told, retryAfterMs: Math.ceil(resetMs / 1000) * 1000 }
  }
}

/** Tells the truth. */
export function honest(limit: number, windowMs: number): TellingServer {
  return new Window(limit, windowMs)
}

/** (a) Tells nothing, from `from` on. */
export function silent(limit: number, windowMs: number, from = Number.NEGATIVE_INFINITY): TellingServer {
  const window = new Window(limit, windowMs)
  return {
    answer(now) {
      const { told, ...answer } = window.answer(now)
      return now < from ? { ...answer, told } : answer
    },
  }
}

/** (b) Says that there is plenty while it serves; only a refusal tells the limit that binds. */
export function boastful(limit: number, windowMs: number, boast = 1000, boastMs = 1000): TellingServer {
  const window = new Window(limit, windowMs)
  return {
    answer(now) {
      const answer = window.answer(now)
      return answer.served ? { served: true, told: { limit: boast, remaining: boast - 1, resetMs: boastMs } } : answer
    },
  }
}

/** (c) Tells of windows that it does not enforce. `empty`: and that nothing is left of them. */
export function absurd(limit: number, windowMs: number, resetMs: number, empty = false): TellingServer {
  const window = new Window(limit, windowMs)
  return {
    answer(now) {
      const answer = window.answer(now)
      const remaining = empty ? 0 : answer.told.remaining
      return { ...answer, told: { limit, remaining, resetMs } }
    },
  }
}
