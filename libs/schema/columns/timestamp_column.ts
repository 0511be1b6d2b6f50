import { TimestampMicrosecond } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { TimestampParser } from '../timestamp_parser.ts'
import { FixedColumn } from './fixed_column.ts'

const TWO_32 = 4_294_967_296
/** Seconds below which seconds * 1e6 + 999999 is exact as a number (the year 2255). */
const EXACT = 9_007_199_253

/** µs UTC. Each value is written as two 32-bit halves: no bigint is made on the way. */
export class TimestampColumn extends FixedColumn<Uint32Array<ArrayBuffer>> {
  readonly kind = 'timestamp'
  readonly #parser = new TimestampParser()

  constructor(place: Place) {
    super(new TimestampMicrosecond('UTC'), place, new Uint32Array(0), 2)
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    return typeof value === 'string' ? this.#parser.read(value) : 'not_a_timestamp'
  }

  protected view(halves: Uint32Array<ArrayBuffer>): BigInt64Array {
    return new BigInt64Array(halves.buffer, halves.byteOffset, halves.length / 2)
  }

  /** Writes what the parser has just read. */
  protected write(index: number): void {
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
    this.values[2 * index] = low
    this.values[2 * index + 1] = high
  }
}
