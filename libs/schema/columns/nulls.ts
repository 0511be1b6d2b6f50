/** The validity bitmap of a column. Only nulls cost something: without any there is no bitmap at all. */
export class Nulls {
  count = 0
  #bits: Uint8Array | null = null

  mark(index: number): void {
    let bits = this.#bits
    if (bits === null || index >> 3 >= bits.length) bits = this.#grow(index)
    bits[index >> 3]! &= ~(1 << (index & 7))
    this.count++
  }

  /** What `makeData` takes, and ready for the next batch. Without nulls the bitmap must be absent. */
  finish(): { nullCount: number; nullBitmap?: Uint8Array } {
    const bits = this.#bits
    const nullCount = this.count
    this.#bits = null
    this.count = 0
    return bits === null ? { nullCount } : { nullCount, nullBitmap: bits }
  }

  /** The bitmap always covers the column's full length: `finish` of a column marks no index beyond it. */
  cover(length: number): void {
    if (this.#bits !== null && length > this.#bits.length * 8) this.#grow(length - 1)
  }

  #grow(index: number): Uint8Array {
    const before = this.#bits
    const bits = new Uint8Array(Math.max((index >> 3) + 1, (before?.length ?? 0) * 2, 8)).fill(255)
    if (before !== null) bits.set(before)
    this.#bits = bits
    return bits
  }
}
