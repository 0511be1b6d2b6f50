import { Bool, Data } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, grown, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'
import { aligned, type Slab } from './slab.ts'

/** One bit a value; `true` and `false` only. */
export class BooleanColumn implements Column {
  readonly kind = 'boolean'
  length = 0
  #bits = new Uint8Array(INITIAL_ROWS / 8)
  readonly #type = new Bool()
  readonly #nulls = new Nulls()
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  get bytes(): number {
    return this.length / 8
  }

  append(value: unknown): void {
    const index = this.length++
    if (value === true) this.#set(index)
    else if (value !== false) this.#appendOther(index, value)
  }

  appendNulls(count: number): void {
    this.#nulls.markRange(this.length, count)
    this.length += count
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return typeof value === 'boolean' ? null : 'not_a_boolean'
  }

  settle(): void {}

  slabBytes(): number {
    return aligned((this.length + 7) >> 3) + this.#nulls.slabBytes(this.length)
  }

  finish(slab: Slab): Data {
    const { length } = this
    const bytes = (length + 7) >> 3
    if (this.#bits.length < bytes) this.#bits = grown(this.#bits, bytes)
    const nullCount = this.#nulls.count
    const bits = slab.copy(Uint8Array<ArrayBuffer>, this.#bits, bytes)
    const bitmap = this.#nulls.finish(slab, length)
    this.#bits.fill(0)
    this.length = 0
    return new Data(this.#type, 0, length, nullCount, [undefined, bits, bitmap] as never)
  }

  #set(index: number): void {
    if (index >> 3 >= this.#bits.length) this.#bits = grown(this.#bits, (index >> 3) + 1)
    this.#bits[index >> 3]! |= 1 << (index & 7)
  }

  #appendOther(index: number, value: unknown): void {
    if (value !== null && value !== undefined) this.#place.rescue(index, 'not_a_boolean', value)
    this.#nulls.mark(index)
  }
}
