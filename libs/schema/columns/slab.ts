/** The next multiple of 8: typed arrays need it, and Arrow recommends it. */
export function aligned(bytes: number): number {
  return (bytes + 7) & ~7
}

interface Copyable<T> {
  [index: number]: number | bigint
  readonly BYTES_PER_ELEMENT: number
  set(from: T): void
  subarray(begin: number, end: number): T
}

type View<T> = new (buffer: ArrayBuffer, byteOffset: number, length: number) => T

/**
 * One allocation for all buffers of a batch. A hundred columns of fifty rows would else cost more in
 * allocations than in data; and a batch that is one piece moves to another thread as one.
 */
export class Slab {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #position = 0
  #zeros = new Uint8Array(0)
  #zeroOffsets = new Int32Array(0)

  constructor(size: number) {
    this.#bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer)
  }

  /** The first `length` elements of `source`, copied. */
  copy<T extends Copyable<T>>(view: View<T>, source: T, length: number): T {
    const copy = new view(this.#bytes.buffer, this.#take(length * source.BYTES_PER_ELEMENT), length)
    // Making one more view for `set` costs as much as some hundred elements.
    if (length > 128) copy.set(source.subarray(0, length))
    else for (let i = 0; i < length; i++) copy[i] = source[i]!
    return copy
  }

  /** A bitmap of `length` set bits, into which the given one is copied. */
  bitmap(bits: Uint8Array, length: number): Uint8Array {
    const bytes = (length + 7) >> 3
    const start = this.#take(bytes)
    const copy = this.#bytes.subarray(start, start + bytes)
    if (bits.length < bytes) copy.fill(255)
    copy.set(bits.length > bytes ? bits.subarray(0, bytes) : bits)
    return copy
  }

  /** Shared by the columns that hold nothing but nulls: as validity and as values. */
  zeros(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#zeros.length < bytes) this.#zeros = new Uint8Array(aligned(bytes))
    return this.#zeros.length === bytes ? this.#zeros : this.#zeros.subarray(0, bytes)
  }

  /** Offsets of a column without any data, shared likewise. */
  zeroOffsets(count: number): Int32Array {
    if (this.#zeroOffsets.length !== count) this.#zeroOffsets = new Int32Array(count)
    return this.#zeroOffsets
  }

  #take(bytes: number): number {
    const start = this.#position
    this.#position += aligned(bytes)
    return start
  }
}
