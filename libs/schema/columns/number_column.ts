import { type Data, Float64, Int32, makeData } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, doubled, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'

/** `int32` and `float64`: JSON numbers that the type holds exactly. */
export class NumberColumn implements Column {
  length = 0
  #values: Int32Array | Float64Array
  readonly #kind: 'int32' | 'float64'
  readonly #nulls = new Nulls()
  readonly #place: Place

  constructor(place: Place, kind: 'int32' | 'float64') {
    this.#place = place
    this.#kind = kind
    this.#values = this.#fresh()
  }

  get bytes(): number {
    return this.#values.BYTES_PER_ELEMENT * this.length
  }

  append(value: unknown): void {
    const index = this.length++
    if (index === this.#values.length) this.#values = doubled(this.#values)
    const misfit = this.misfit(value)
    if (misfit === null) {
      this.#values[index] = value as number
      return
    }
    if (misfit !== 'missing') this.#place.rescue(misfit, value)
    this.#nulls.mark(index)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    if (typeof value !== 'number' || Number.isNaN(value)) return 'not_a_number'
    if (this.#kind === 'float64') return Number.isFinite(value) ? null : 'out_of_range'
    if ((value | 0) === value) return null
    return Number.isInteger(value) || !Number.isFinite(value) ? 'out_of_range' : 'not_an_integer'
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const props = { length, ...this.#nulls.finish(), data: this.#values.subarray(0, length) }
    const data = this.#kind === 'int32' ? makeData({ type: new Int32(), ...props }) : makeData({ type: new Float64(), ...props })
    this.#values = this.#fresh()
    this.length = 0
    return data
  }

  #fresh(): Int32Array | Float64Array {
    return this.#kind === 'int32' ? new Int32Array(INITIAL_ROWS) : new Float64Array(INITIAL_ROWS)
  }
}
