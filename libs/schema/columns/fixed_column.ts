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
      this.#nulls.mark(index)
    }
  }

  appendNulls(count: number): void {
    this.length += count
  }

  settle(): void {
    if (this.#closed !== this.length) this.#closeNulls(this.length)
  }

  #closeNulls(end: number): void {
    this.#nulls.markRange(this.#closed, end - this.#closed)
    this.#closed = end
  }

  slabBytes(): number {
    return aligned(this.#width * this.length) + this.#nulls.slabBytes(this.length)
  }

  finish(slab: Slab): Data {
    const { length } = this
    const nullCount = this.#nulls.count
    if (this.values.length < length * this.#perValue) this.values = grown(this.values, length * this.#perValue)
    const copy = slab.copy(this.values.constructor as never, this.values as never, length * this.#perValue) as V
    const bitmap = this.#nulls.finish(slab, length)
    this.length = 0
    this.#closed = 0
    return new Data(this.#type, 0, length, nullCount, [undefined, this.view(copy), bitmap] as never)
  }

  get #width(): number {
    return this.#perValue * this.values.BYTES_PER_ELEMENT
  }
}
