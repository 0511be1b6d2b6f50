const DOUBTFUL = 2
const MAX_DOUBT = 8

/**
 * How far what a server tells about its windows is believed. It is, until windows begin anew before they were to end, or
 * requests are served that were not to be: then its numbers are no measure, and only refusals are. Shared by the buckets
 * of one rule, so that one channel pays for finding out.
 */
export class Trust {
  #doubt = 0
  /** A wait of more than a minute that was told, and cut, turned out to be meant. */
  #longMeant = false

  get believed(): boolean {
    return this.#doubt < DOUBTFUL
  }

  get longBelieved(): boolean {
    return this.#longMeant && this.believed
  }

  /** A window ended as told. Trust comes back as slowly as it went. */
  confirm(): void {
    this.#doubt = Math.max(0, this.#doubt - 1)
  }

  contradict(): void {
    this.#doubt = Math.min(MAX_DOUBT, this.#doubt + 1)
    this.#longMeant = false
  }

  /** Refused while the told window, cut to a minute, was still open. */
  meantLong(): void {
    this.#doubt = 0
    this.#longMeant = true
  }
}
