import { aligned, type Slab } from './slab.ts'

/** The validity bitmap of a column. Only nulls cost something: without any there is no bitmap at all. */
export class Nulls {
  count = 0
  /** All set beyond the last null. */
  #bits = new Uint8Array(0)

  mark(index: number): void {
    if (index >> 3 >= this.#bits.length) this.#grow((index >> 3) + 1)
    this.#bits[index >> 3]! &= ~(1 << (index & 7))
    this.count++
  }

  markRange(start: number, count: number): void {
    const end = start + count
    if (end > this.#bits.length * 8) this.#grow((end + 7) >> 3)
    const bits = this.#bits
    let index = start
    for (; index < end && (index & 7) !== 0; index++) bits[index >> 3]! &= ~(1 << (index & 7))
    if (end - index >= 8) bits.fill(0, index >> 3, end >> 3)
    for (index = Math.max(index, end & ~7); index < end; index++) bits[index >> 3]! &= ~(1 << (index & 7))
    this.count += count
  }

  slabBytes(length: number): number {
    return this.count === 0 ? 0 : aligned((length + 7) >> 3)
  }

  /** The bitmap of `length` values, undefined without nulls; empty afterwards. */
  finish(slab: Slab, length: number): Uint8Array | undefined {
    if (this.count === 0) return undefined
    const bitmap = this.count === length ? slab.zeros((length + 7) >> 3) : slab.bitmap(this.#bits, length)
    this.#bits.fill(255)
    this.count = 0
    return bitmap
  }

  #grow(bytes: number): void {
    const bits = new Uint8Array(Math.max(bytes, this.#bits.length * 2, 8)).fill(255)
    bits.set(this.#bits)
    this.#bits = bits
  }
}
