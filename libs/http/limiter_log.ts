/** The times of the latest requests of a bucket, oldest first: a ring that grows up to `capacity`. */
export class RequestLog {
  readonly #capacity: number
  #times: number[] = []
  #begin = 0

  constructor(capacity: number) {
    this.#capacity = Math.max(1, Math.ceil(capacity))
  }

  add(time: number): void {
    if (this.#times.length < this.#capacity) this.#times.push(time)
    else {
      this.#times[this.#begin] = time
      this.#begin = (this.#begin + 1) % this.#capacity
    }
  }

  /** Time of the n-th latest request, 1 being the latest; `-Infinity` when there were fewer. */
  nth(n: number): number {
    const length = this.#times.length
    if (n > length || n < 1) return Number.NEGATIVE_INFINITY
    return this.#times[(this.#begin + length - n) % length]!
  }

  /** Requests at or after `since`. */
  countSince(since: number): number {
    let low = 0
    let high = this.#times.length
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.nth(middle) >= since) low = middle
      else high = middle - 1
    }
    return low
  }
}
