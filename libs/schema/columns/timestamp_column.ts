import { type Data, makeData, TimestampMicrosecond } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { TimestampParser } from '../timestamp_parser.ts'
import { type Column, doubled, INITIAL_ROWS } from './column.ts'
import { Nulls } from './nulls.ts'

const TWO_32 = 4_294_967_296
/** Seconds below which seconds * 1e6 + 999999 is exact as a number (the year 2255). */
const EXACT = 9_007_199_253

/** µs UTC. Each value is written as two 32-bit halves: no bigint is made on the way. */
export class TimestampColumn implements Column {
  length = 0
  #halves = new Uint32Array(2 * INITIAL_ROWS)
  readonly #nulls = new Nulls()
  readonly #parser = new TimestampParser()
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  get bytes(): number {
    return 8 * this.length
  }

  append(value: unknown): void {
    const index = this.length++
    if (2 * index === this.#halves.length) this.#halves = doubled(this.#halves)
    if (value === null || value === undefined) return this.#nulls.mark(index)
    const misfit = this.misfit(value)
    if (misfit === null) return this.#write(index)
    this.#place.rescue(misfit as RescueCode, value)
    this.#nulls.mark(index)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return typeof value === 'string' ? this.#parser.read(value) : 'not_a_timestamp'
  }

  finish(): Data {
    const { length } = this
    this.#nulls.cover(length)
    const data = makeData({
      type: new TimestampMicrosecond('UTC'),
      length,
      ...this.#nulls.finish(),
      data: new BigInt64Array(this.#halves.buffer, 0, length),
    })
    this.#halves = new Uint32Array(2 * INITIAL_ROWS)
    this.length = 0
    return data
  }

  /** What the parser read last. */
  #write(index: number): void {
    const { seconds, micros } = this.#parser
    let high: number
    let low: number
    if (seconds > -EXACT && seconds < EXACT) {
      const value = seconds * 1e6 + micros
      high = Math.floor(value / TWO_32)
      low = value - high * TWO_32
    } else {
      // In base 65536, where every product stays exact.
      const upper = Math.floor(seconds / 65_536) * 1e6
      const rest = (seconds - Math.floor(seconds / 65_536) * 65_536) * 1e6 + micros
      const sum = (upper - Math.floor(upper / 65_536) * 65_536) * 65_536 + rest
      const carry = Math.floor(sum / TWO_32)
      high = Math.floor(upper / 65_536) + carry
      low = sum - carry * TWO_32
    }
    this.#halves[2 * index] = low
    this.#halves[2 * index + 1] = high
  }
}
