import { Data, type DataType } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, grown, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'
import { aligned, type Slab } from './slab.ts'

type FixedValues = Int32Array | Uint32Array | Float64Array | BigInt64Array

/** What the columns whose values have a fixed width share. `null` from `misfit` means that `write` will take the value. */
export abstract class FixedColumn<V extends FixedValues> implements Column {
  abstract readonly kind: Column['kind']
  length = 0
  protected values: V
  /** What stands under a null. */
  protected readonly zero: number | bigint = 0
  /** Values that are settled; those from here to `length` are nulls, which are marked in bulk. */
  #closed = 0
  readonly #type: DataType
  readonly #perValue: number
  readonly #nulls = new Nulls()
  readonly #place: Place

  /** @param values empty, of the right kind; @param perValue elements of it for one value */
  constructor(type: DataType, place: Place, values: V, perValue = 1) {
    this.#type = type
    this.#place = place
    this.#perValue = perValue
    this.values = grown(values, INITIAL_ROWS * perValue)
  }

  abstract misfit(value: unknown): RescueCode | 'missing' | null
  protected abstract write(index: number, value: unknown): void
  protected abstract view(values: V): Data['values']

  get bytes(): number {
    return this.#width * this.length
  }

  append(value: unknown): void {
    const index = this.length++
    if (value === null || value === undefined) return
    if (this.#closed !== index) this.#closeNulls(index)
    this.#closed = index + 1
    if (index * this.#perValue >= this.values.length) this.values = grown(this.values, this.length * this.#perValue)
    const misfit = this.misfit(value)
    if (misfit === null) {
      this.write(index, value)
    } else {
      this.#place.rescue(index, misfit as RescueCode, value)
      this.values.fill(this.zero as never, index * this.#perValue, (index + 1) * this.#perValue)
      this.#nulls.mark(index)
    }
  }

  appendNulls(count: number): void {
    this.length += count
  }

  settle(): void {
    if (this.#closed > 0 && this.#closed !== this.length) this.#closeNulls(this.length)
  }

  slabBytes(): number {
    return this.#closed === 0 ? 0 : aligned(this.#width * this.length) + this.#nulls.slabBytes(this.length)
  }

  finish(slab: Slab): Data {
    const { length } = this
    const elements = length * this.#perValue
    const make = this.values.constructor as new (buffer: ArrayBuffer, offset: number, elements: number) => V
    if (this.#closed === 0) return this.#finishNulls(slab, make)
    const nullCount = this.#nulls.count
    const copy = slab.copy(make as never, this.values as never, elements) as V
    const bitmap = this.#nulls.finish(slab, length)
    this.length = 0
    this.#closed = 0
    return new Data(this.#type, 0, length, nullCount, [undefined, this.view(copy), bitmap] as never)
  }

  /** Not one value: the columns that are so in a batch, most of them in a chat message, share their zeros. */
  #finishNulls(slab: Slab, make: new (buffer: ArrayBuffer, offset: number, elements: number) => V): Data {
    const { length } = this
    const zeros = slab.zeros(length * this.#width)
    const bitmap = length === 0 ? undefined : slab.zeros((length + 7) >> 3)
    const values = this.view(new make(zeros.buffer, 0, length * this.#perValue))
    this.length = 0
    return new Data(this.#type, 0, length, length, [undefined, values, bitmap] as never)
  }

  /** Marks the nulls since the last value. Zeros stand under them, so that equal rows give equal bytes. */
  #closeNulls(end: number): void {
    const start = this.#closed
    this.#nulls.markRange(start, end - start)
    if (end * this.#perValue > this.values.length) this.values = grown(this.values, end * this.#perValue)
    this.values.fill(this.zero as never, start * this.#perValue, end * this.#perValue)
    this.#closed = end
  }

  get #width(): number {
    return this.#perValue * this.values.BYTES_PER_ELEMENT
  }
}
