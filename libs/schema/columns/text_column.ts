import { type Data, makeData, Utf8 } from 'apache-arrow'
import { replaceCharacters } from '../json_text.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { BatchTooLargeError } from '../batch_too_large_error.ts'
import { type Column, doubled, INITIAL_ROWS, MAX_OFFSET } from './column.ts'
import { Nulls } from './nulls.ts'

/** Up to here a loop over the characters is faster than a call into the runtime. */
const SHORT = 24
const INITIAL_BYTES = 1024
const NO_BYTES = Buffer.allocUnsafeSlow(0) as FastBuffer

export interface TextOptions {
  /** For keys: a safe integer is taken as its decimal text. */
  takesIntegers?: boolean
}

/** Node's own writer without the argument checks of `write`; absent from its published types. */
type FastBuffer = Buffer<ArrayBuffer> & { utf8Write(text: string, offset: number): number }

/** Strings as UTF-8 with 32-bit offsets. */
export class TextColumn implements Column {
  length = 0
  #data = NO_BYTES
  #position = 0
  #offsets = new Int32Array(INITIAL_ROWS)
  /** The size of the batch before: most likely that of the next one. */
  #expected = INITIAL_BYTES
  readonly #nulls = new Nulls()
  readonly #place: Place
  readonly #takesIntegers: boolean

  constructor(place: Place, options: TextOptions = {}) {
    this.#place = place
    this.#takesIntegers = options.takesIntegers ?? false
  }

  get bytes(): number {
    return this.#position + 4 * this.length
  }

  append(value: unknown): void {
    if (typeof value === 'string') this.#appendText(value)
    else this.#appendOther(value)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    if (typeof value === 'string' || (this.#takesIntegers && Number.isSafeInteger(value))) return null
    return 'not_text'
  }

  /** Text that is known to hold no U+0000 and no lone surrogate. */
  appendClean(text: string): void {
    this.#reserve(text.length * 3)
    this.#position += this.#data.utf8Write(text, this.#position)
    this.#close()
  }

  appendNull(): void {
    this.#nulls.mark(this.length)
    this.#close()
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const data = makeData({
      type: new Utf8(),
      length,
      ...this.#nulls.finish(),
      valueOffsets: this.#offsets.subarray(0, length + 1),
      data: this.#data.subarray(0, this.#position),
    })
    this.#data = NO_BYTES
    this.#offsets = new Int32Array(INITIAL_ROWS)
    this.#expected = this.#position
    this.#position = 0
    this.length = 0
    return data
  }

  #appendText(text: string): void {
    const { length } = text
    this.#reserve(length * 3)
    if (length > SHORT || !this.#writeShortAscii(text)) {
      if (text.isWellFormed() && !text.includes('\0')) {
        this.#position += this.#data.utf8Write(text, this.#position)
      } else {
        this.#place.rescue('replaced_characters', text)
        this.#position += this.#data.utf8Write(replaceCharacters(text), this.#position)
      }
    }
    this.#close()
  }

  /** Writes nothing that counts, and says false, at the first character that is not plain ASCII. */
  #writeShortAscii(text: string): boolean {
    const data = this.#data
    const start = this.#position
    const { length } = text
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit === 0 || unit > 127) return false
      data[start + i] = unit
    }
    this.#position = start + length
    return true
  }

  #appendOther(value: unknown): void {
    if (value === null || value === undefined) return this.appendNull()
    if (this.#takesIntegers && Number.isSafeInteger(value)) return this.#appendText(String(value))
    this.#place.rescue('not_text', value)
    this.appendNull()
  }

  #close(): void {
    const next = ++this.length
    if (next === this.#offsets.length) this.#offsets = doubled(this.#offsets)
    this.#offsets[next] = this.#position
  }

  /** @throws BatchTooLargeError before anything is written beyond what an offset can say */
  #reserve(bytes: number): void {
    const needed = this.#position + bytes
    if (needed <= this.#data.length) return
    if (needed > MAX_OFFSET) throw new BatchTooLargeError()
    const capacity = Math.max(this.#data.length * 2, needed, this.#expected)
    const data = Buffer.allocUnsafeSlow(Math.min(capacity, MAX_OFFSET)) as FastBuffer
    data.set(this.#data.subarray(0, this.#position))
    this.#data = data
  }
}
