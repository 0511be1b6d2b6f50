/** When the latest requests of a bucket reached the server, as far as is known: sorted, at most `capacity`. */
export class RequestLog {
  readonly #capacity: number
  readonly #times: number[] = []

  constructor(capacity: number) {
    this.#capacity = Math.max(1, Math.ceil(capacity))
  }

  add(time: number): void {
    this.#times.splice(this.#after(time), 0, time)
    if (this.#times.length > this.#capacity) this.#times.shift()
  }

  /** A request that was thought to arrive at `from` arrived at `to`. One that is no longer remembered is left alone. */
  move(from: number, to: number): void {
    const index = this.#after(from) - 1
    if (index < 0 || this.#times[index] !== from) return
    this.#times.splice(index, 1)
    this.add(to)
  }

  /** Time of the n-th latest request, 1 being the latest; `-Infinity` when there were fewer. */
  nth(n: number): number {
    return this.#times[this.#times.length - n] ?? Number.NEGATIVE_INFINITY
  }

  /** Requests later than `since`. */
  countSince(since: number): number {
    return this.#times.length - this.#after(since)
  }

  /** Index after the last time that is not later than `time`. */
  #after(time: number): number {
    let low = 0
    let high = this.#times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#times[middle]! <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}
