/** Windows without a trace of others until they are forgotten. */
const REMEMBERED = 20
/** Every so many windows one is paced evenly, to see what others use of a whole window. */
const LOOK_EVERY = 16
/** How much one window moves the estimate. */
const WEIGHT = 0.3
/** An answer from this far into the window on shows what others use of it. */
const WHOLE = 0.5
/**
 * What is left to them of what they are seen to use. All of it would leave too much unused: they do not come evenly, and
 * what they do not take of a window is lost.
 */
const LEFT = 0.4
/** So few left that others may have used them up by the time a request is there. */
const FEW = 3
/** How much one request moves what is known of how they fare. */
const FARED_WEIGHT = 0.02
/** More refused than this, and such a request is only a try. */
const MOST_REFUSED = 0.03
/** Refusals that tries may cost, for each request that is none: the likelier one is to be refused, the rarer it is. */
const TRY_BUDGET = 0.006
/** How likely a request may be to find that others took what was left: the last of a window is the only one that risks it. */
const RISK = 0.02

/**
 * What others use of a limit: requests that the server counted and that were not ours, by window. Where there are others,
 * what is left is known only at the moment of an answer; the estimate says how long it is still worth something.
 */
export class OtherUse {
  #windowMs: number
  /** Requests of others a window, on average. */
  #use = 0
  /** In the window that runs, as far as it was seen. */
  #now = 0
  #until = Number.NEGATIVE_INFINITY
  #windows = 0
  /** Parts of a request that windows before have not left to them. */
  #owed = 0
  #reserve = 0
  /** Share of our requests that were refused, by how many were left for them; the last stands for more. */
  readonly #fared = new Float64Array(FEW + 1)
  /** Requests since one was tried against what `fared` says. */
  #untried = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  seen(now: number): boolean {
    return now < this.#until
  }

  /** This window is used at an even pace: else all of it is used at its beginning, and what comes later is not seen. */
  get looking(): boolean {
    return this.#windows % LOOK_EVERY === 0
  }

  /** So many requests of the window that runs were not ours, at least. */
  counted(requests: number, now: number): void {
    if (requests <= 0) return
    this.#now = Math.max(this.#now, requests)
    this.#until = now + REMEMBERED * this.#windowMs
  }

  /** The window that ended at `endsAt` was last looked at `heardAt`. */
  close(heardAt: number, endsAt: number, windowMs: number): void {
    this.#windowMs = windowMs
    const seen = Math.min(1, 1 - (endsAt - heardAt) / windowMs)
    if (seen >= WHOLE) this.#use += WEIGHT * (this.#now / seen - this.#use)
    else if (this.#now > this.#use) this.#use += WEIGHT * (this.#now - this.#use)
    this.#now = 0
    this.#windows++
    this.#owed += LEFT * this.#use
    this.#reserve = Math.floor(this.#owed)
    this.#owed -= this.#reserve
  }

  /** Requests of this window that are left to them: never more than half of it, and less what they have had of it. */
  reserve(limit: number): number {
    return Math.max(0, Math.min(this.#reserve, Math.floor(limit / 2)) - this.#now)
  }

  /** A request that was sent with `left` left, itself counted, was served or had been used up. */
  ended(left: number, refused: boolean): void {
    const few = Math.min(left, FEW)
    this.#untried = this.#fared[few]! > MOST_REFUSED ? 0 : this.#untried + 1
    this.#fared[few]! += FARED_WEIGHT * (Number(refused) - this.#fared[few]!)
  }

  /**
   * True when they may use up `left` requests before the next one of ours is there: `ageMs` after the last answer, with
   * `ahead` others of ours on their way. Over time their number is taken as Poisson's. They may also wait for the same
   * moments as we do: so it counts how requests fared that were sent with as few left, and now and then one is tried.
   */
  mayHaveTaken(left: number, ageMs: number, ahead = 0): boolean {
    // Few are left: one after the other, so that each knows what the one before found.
    if (ahead > 0 && left < FEW * (ahead + 1)) return true
    const refused = this.#fared[Math.min(left, FEW)]!
    if (refused > MOST_REFUSED && refused > this.#untried * TRY_BUDGET) return true
    const mean = (Math.max(this.#use, this.#now) * ageMs) / this.#windowMs
    if (left > 10 + 3 * mean) return false
    let term = Math.exp(-mean)
    let fewer = 0
    for (let n = 0; n < left; n++) {
      fewer += term
      term *= mean / (n + 1)
    }
    return 1 - fewer > RISK
  }
}
