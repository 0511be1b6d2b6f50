/** More rows than this are not remembered: the set says "new" for them. Three quarters of the largest table. */
const MAX_REMEMBERED = 98_304
const FIRST_SIZE = 128

/**
 * Rows by the 64-bit hash of their key and version, each with a small mark. Bounded, and 9 bytes a place: many
 * windows of many partitions are walked at the same time.
 */
export class RowSet {
  /** Halves of the hashes: comparing numbers costs a tenth of comparing bigints out of an array. */
  #low = new Uint32Array(FIRST_SIZE)
  #high = new Uint32Array(FIRST_SIZE)
  #marks = new Uint8Array(FIRST_SIZE)
  #rows = 0

  /** True when the row is new to the set. */
  add(rowHash: bigint): boolean {
    return this.mark(rowHash, 1) === 0
  }

  has(rowHash: bigint): boolean {
    const [low, high] = halvesOf(rowHash)
    return this.#marks[this.#place(low, high)] !== 0
  }

  /**
   * Marks the row and answers the mark it had; 0: it is new.
   * @param mark 1 to 255
   */
  mark(rowHash: bigint, mark: number): number {
    const [low, high] = halvesOf(rowHash)
    const place = this.#place(low, high)
    const before = this.#marks[place]!
    if (before === 0 && this.#rows === MAX_REMEMBERED) return 0
    this.#put(place, low, high, mark)
    if (before === 0 && ++this.#rows < MAX_REMEMBERED && this.#rows * 4 >= this.#marks.length * 3) this.#grow()
    return before
  }

  /** Where the row is, or the free place where it would be. */
  #place(low: number, high: number): number {
    const last = this.#marks.length - 1
    let place = low & last
    while (this.#marks[place] !== 0 && (this.#low[place] !== low || this.#high[place] !== high)) {
      place = (place + 1) & last
    }
    return place
  }

  #put(place: number, low: number, high: number, mark: number): void {
    this.#low[place] = low
    this.#high[place] = high
    this.#marks[place] = mark
  }

  #grow(): void {
    const [lows, highs, marks] = [this.#low, this.#high, this.#marks]
    this.#low = new Uint32Array(marks.length * 2)
    this.#high = new Uint32Array(marks.length * 2)
    this.#marks = new Uint8Array(marks.length * 2)
    for (const [at, mark] of marks.entries()) {
      if (mark !== 0) this.#put(this.#place(lows[at]!, highs[at]!), lows[at]!, highs[at]!, mark)
    }
  }
}

function halvesOf(rowHash: bigint): [low: number, high: number] {
  return [Number(BigInt.asUintN(32, rowHash)), Number(BigInt.asUintN(32, rowHash >> 32n))]
}
