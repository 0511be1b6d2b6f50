import { BatchTooLargeError } from '../batch_too_large_error.ts'
import { MAX_OFFSET } from './column.ts'
import { aligned, type Slab } from './slab.ts'

const INITIAL_BYTES = 1024
/** From here on a batch takes the buffer itself, and a new one is begun: copying would cost more. */
const HANDED_OVER = 256 * 1024

/** Node's own writer without the argument checks of `write`; absent from its published types. */
type FastBuffer = Buffer<ArrayBuffer> & { utf8Write(text: string, offset: number): number }

const allocate = (bytes: number): FastBuffer => Buffer.allocUnsafeSlow(bytes) as FastBuffer

/** A growing run of UTF-8. */
export class Utf8Buffer {
  /** Bytes that count; a write beyond is not kept until they are raised. */
  position = 0
  #data = allocate(INITIAL_BYTES)
  /** The size of the last batch, most likely that of the next: growing by steps would cost the memory twice. */
  #expected = 0

  get data(): Uint8Array {
    return this.#data
  }

  /**
   * Writes at `position`, which stays. Answers the bytes written.
   * @param units the text's length
   * @throws BatchTooLargeError before anything is written beyond what an offset can say
   */
  write(text: string, units: number): number {
    const needed = this.position + units * 3
    if (needed > this.#data.length) this.#grow(needed)
    return this.#data.utf8Write(text, this.position)
  }

  slabBytes(): number {
    return this.position < HANDED_OVER ? aligned(this.position) : 0
  }

  /** The bytes that count; empty afterwards. */
  finish(slab: Slab): Uint8Array {
    const { position } = this
    this.position = 0
    if (position < HANDED_OVER)
      return slab.copy(Uint8Array<ArrayBuffer>, this.#data as Uint8Array<ArrayBuffer>, position)
    const data = this.#data.subarray(0, position)
    this.#expected = position
    this.#data = allocate(INITIAL_BYTES)
    return data
  }

  #grow(needed: number): void {
    if (needed > MAX_OFFSET) throw new BatchTooLargeError()
    const capacity = Math.max(this.#data.length * 2, needed, this.#expected + (this.#expected >> 3))
    const data = allocate(Math.min(capacity, MAX_OFFSET))
    data.set(this.#data.subarray(0, this.position))
    this.#data = data
  }
}
