/** Below this, a loop is faster than a call to copy. */
const SHORT_COPY = 32

/** Bytes put together for one hash after another; grows to the longest. */
export class ByteSink {
  length = 0
  #bytes = Buffer.allocUnsafeSlow(4096)

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.length++] = value
  }

  /** 32 bits, little-endian. */
  word(value: number): void {
    this.#reserve(4)
    const bytes = this.#bytes
    bytes[this.length++] = value
    bytes[this.length++] = value >>> 8
    bytes[this.length++] = value >>> 16
    bytes[this.length++] = value >>> 24
  }

  copy(source: Buffer, start: number, end: number): void {
    const count = end - start
    this.#reserve(count)
    if (count > SHORT_COPY) source.copy(this.#bytes, this.length, start, end)
    else for (let i = 0; i < count; i++) this.#bytes[this.length + i] = source[start + i]!
    this.length += count
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length)
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.length + count))
    this.#bytes.copy(bytes, 0, 0, this.length)
    this.#bytes = bytes
  }
}
