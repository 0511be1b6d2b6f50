import { type Data, Int64, makeData } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { type Column, doubled, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const DECIMAL = /^(?:0|-?[1-9]\d*)$/
/** No more digits than this can be in range; it also bounds the work on hostile text. */
const MAX_DIGITS = 20

/** Safe integers and decimal text. A bare number beyond 2^53 − 1 has been rounded by the parser already, so it is not trusted. */
export class Int64Column implements Column {
  length = 0
  #values = new BigInt64Array(INITIAL_ROWS)
  readonly #nulls = new Nulls()
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  get bytes(): number {
    return 8 * this.length
  }

  append(value: unknown): void {
    const index = this.length++
    if (index === this.#values.length) this.#values = doubled(this.#values)
    const misfit = this.misfit(value)
    if (misfit === null) {
      this.#values[index] = BigInt(value as number | string | bigint)
      return
    }
    if (misfit !== 'missing') this.#place.rescue(misfit, value)
    this.#nulls.mark(index)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    if (typeof value === 'number') return numberMisfit(value)
    if (typeof value === 'bigint') return value < MIN || value > MAX ? 'out_of_range' : null
    if (typeof value !== 'string' || !DECIMAL.test(value)) return 'not_a_number'
    if (value.length > MAX_DIGITS) return 'out_of_range'
    const parsed = BigInt(value)
    return parsed < MIN || parsed > MAX ? 'out_of_range' : null
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const data = makeData({ type: new Int64(), length, ...this.#nulls.finish(), data: this.#values.subarray(0, length) })
    this.#values = new BigInt64Array(INITIAL_ROWS)
    this.length = 0
    return data
  }
}

function numberMisfit(value: number): RescueCode | null {
  if (Number.isSafeInteger(value)) return null
  if (Number.isNaN(value)) return 'not_a_number'
  return Number.isFinite(value) && !Number.isInteger(value) ? 'not_an_integer' : 'out_of_range'
}
