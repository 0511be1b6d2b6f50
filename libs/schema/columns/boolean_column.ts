import { Bool, type Data, makeData } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, doubled, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'

/** One bit a value; `true` and `false` only. */
export class BooleanColumn implements Column {
  length = 0
  #bits = new Uint8Array(INITIAL_ROWS / 8)
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
    if (index === this.#bits.length * 8) this.#bits = doubled(this.#bits)
    if (value === true) this.#bits[index >> 3]! |= 1 << (index & 7)
    else if (value !== false) this.#appendOther(index, value)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return typeof value === 'boolean' ? null : 'not_a_boolean'
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const data = makeData({ type: new Bool(), length, ...this.#nulls.finish(), data: this.#bits })
    this.#bits = new Uint8Array(INITIAL_ROWS / 8)
    this.length = 0
    return data
  }

  #appendOther(index: number, value: unknown): void {
    if (value !== null && value !== undefined) this.#place.rescue('not_a_boolean', value)
    this.#nulls.mark(index)
  }
}
