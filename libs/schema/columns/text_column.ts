import { Data, Utf8 } from 'apache-arrow'
import { replaceCharacters } from '../json_text.ts'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, grown, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'
import { aligned, type Slab } from './slab.ts'
import { unitsToBytes } from './units_to_bytes.ts'
import { Utf8Buffer } from './utf8_buffer.ts'

/** Strings up to this length are collected and written many at a time: a call costs as much as 100 ASCII characters. */
const SHORT = 96
/** Characters that are collected. */
const CHUNK = 512
const NO_BYTES = new Uint8Array(0)

export interface TextOptions {
  /** For keys: a safe integer is taken as its decimal text. */
  takesIntegers?: boolean
}

/** Strings as UTF-8 with 32-bit offsets. U+0000 and lone surrogates become U+FFFD and are reported. */
export class TextColumn implements Column {
  readonly kind = 'text'
  length = 0
  /** Of the values in the chunk the offset is `position` + UTF-16 units so far, which is right if all are ASCII. */
  #offsets = new Int32Array(INITIAL_ROWS)
  #chunk = ''
  /** Its length: asking a string costs more than one would think when strings of many kinds pass by. */
  #units = 0
  /** Values that have an offset; those from here to `length` are nulls, which are written in bulk. */
  #closed = 0
  /** The index of the first value in the chunk. */
  #chunkStart = 0
  readonly #utf8 = new Utf8Buffer()
  readonly #type = new Utf8()
  readonly #nulls = new Nulls()
  readonly #place: Place
  readonly #takesIntegers: boolean

  constructor(place: Place, options: TextOptions = {}) {
    this.#place = place
    this.#takesIntegers = options.takesIntegers ?? false
  }

  get bytes(): number {
    return this.#utf8.position + this.#units + 4 * this.length
  }

  append(value: unknown): void {
    if (value === null || value === undefined) this.length++
    else if (typeof value === 'string') this.#appendText(value)
    else this.#appendOther(value)
  }

  appendNulls(count: number): void {
    this.length += count
  }

  /** Text that is known to hold no U+0000 and no lone surrogate. */
  appendClean(text: string): void {
    if (this.#closed !== this.length) this.#closeNulls()
    this.settle()
    this.#write(text)
    this.#chunkStart = this.length
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    if (typeof value === 'string' || (this.#takesIntegers && Number.isSafeInteger(value))) return null
    return 'not_text'
  }

  /** Writes the chunk. */
  settle(): void {
    if (this.#closed === 0) return
    if (this.#closed !== this.length) this.#closeNulls()
    if (this.#units > 0) this.#writeChunk()
    this.#chunkStart = this.length
  }

  slabBytes(): number {
    return this.#closed === 0
      ? 0
      : this.#utf8.slabBytes() + aligned(4 * (this.length + 1)) + this.#nulls.slabBytes(this.length)
  }

  finish(slab: Slab): Data {
    const { length } = this
    if (this.#closed === 0) return this.#finishNulls(slab)
    const nullCount = this.#nulls.count
    const empty = this.#utf8.position === 0
    const offsets = empty ? slab.zeroOffsets(length + 1) : slab.copy(Int32Array<ArrayBuffer>, this.#offsets, length + 1)
    const data = empty ? NO_BYTES : this.#utf8.finish(slab)
    const bitmap = this.#nulls.finish(slab, length)
    this.length = 0
    this.#closed = 0
    this.#chunkStart = 0
    return new Data(this.#type, 0, length, nullCount, [offsets, data, bitmap] as never)
  }

  /** Not one value: the columns that are so in a batch, most of them in a chat message, share their zeros. */
  #finishNulls(slab: Slab): Data {
    const { length } = this
    const bitmap = length === 0 ? undefined : slab.zeros((length + 7) >> 3)
    this.length = 0
    return new Data(this.#type, 0, length, length, [slab.zeroOffsets(length + 1), NO_BYTES, bitmap] as never)
  }

  #appendText(text: string): void {
    if (this.#closed !== this.length) this.#closeNulls()
    const units = text.length
    if (units > SHORT) {
      this.#appendLong(text, units)
      return
    }
    this.#chunk += text
    this.#units += units
    this.#close(this.#utf8.position + this.#units)
    if (this.#units > CHUNK) this.settle()
  }

  #appendLong(text: string, units: number): void {
    this.settle()
    const written = this.#utf8.write(text, units)
    // As many bytes as units is plain ASCII, where only U+0000 needs a look.
    if (text.includes('\0') || (written > units && !text.isWellFormed())) {
      this.#place.rescue(this.length, 'replaced_characters', text)
      this.#write(replaceCharacters(text))
    } else {
      this.#utf8.position += written
      this.#close(this.#utf8.position)
    }
    this.#chunkStart = this.length
  }

  #appendOther(value: unknown): void {
    if (this.#takesIntegers && Number.isSafeInteger(value)) {
      this.#appendText(String(value))
    } else {
      this.#place.rescue(this.length, 'not_text', value)
      this.appendNulls(1)
    }
  }

  #writeChunk(): void {
    const chunk = this.#chunk
    const units = this.#units
    this.#chunk = ''
    this.#units = 0
    const written = this.#utf8.write(chunk, units)
    if (chunk.includes('\0') || (written > units && !this.#respace(chunk))) this.#writeSingly(chunk)
    else this.#utf8.position += written
  }

  #write(text: string): void {
    this.#utf8.position += this.#utf8.write(text, text.length)
    this.#close(this.#utf8.position)
  }

  #close(offset: number): void {
    const next = ++this.length
    if (next >= this.#offsets.length) this.#offsets = grown(this.#offsets, next + 1)
    this.#offsets[next] = offset
    this.#closed = next
  }

  #closeNulls(): void {
    const start = this.#closed
    const end = this.length
    if (end >= this.#offsets.length) this.#offsets = grown(this.#offsets, end + 1)
    this.#offsets.fill(this.#offsets[start]!, start + 1, end + 1)
    this.#nulls.markRange(start, end - start)
    this.#closed = end
  }

  /** Moves the chunk's offsets from units to the bytes just written; false, with the offsets as they were, if that text cannot stand. */
  #respace(chunk: string): boolean {
    if (!chunk.isWellFormed()) return false
    const first = this.#chunkStart + 1
    const before = this.#offsets.slice(first, this.length + 1)
    if (unitsToBytes(this.#utf8.data, this.#utf8.position, this.#offsets, first, this.length)) return true
    this.#offsets.set(before, first)
    return false
  }

  /** Writes the values of a chunk again, one by one, and reports those that cannot stand as they are. */
  #writeSingly(chunk: string): void {
    const end = this.length
    const base = this.#utf8.position
    const units = this.#offsets.slice(this.#chunkStart, end + 1)
    this.length = this.#chunkStart
    let from = 0
    for (let i = 1; i < units.length; i++) {
      const text = chunk.slice(from, units[i]! - base)
      from = units[i]! - base
      if (isHostile(text)) this.#place.rescue(this.length, 'replaced_characters', text)
      this.#write(replaceCharacters(text))
    }
  }
}

function isHostile(text: string): boolean {
  return !text.isWellFormed() || text.includes('\0')
}
