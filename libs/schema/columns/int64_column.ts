import { Int64 } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { FixedColumn } from './fixed_column.ts'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const DECIMAL = /^(?:0|-?[1-9]\d*)$/
/** No more characters than this can be in range; it also bounds the work on hostile text. */
const MAX_DIGITS = 20

/** Safe integers and decimal text. A bare number beyond 2^53 − 1 may have been rounded by a parser already, so it is not trusted. */
export class Int64Column extends FixedColumn<BigInt64Array> {
  readonly kind = 'int64'
  protected override readonly zero = 0n
  constructor(place: Place) {
    super(new Int64(), place, new BigInt64Array(0))
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

  protected write(index: number, value: number | string | bigint): void {
    this.values[index] = BigInt(value)
  }

  protected view(values: BigInt64Array): BigInt64Array {
    return values
  }
}

function numberMisfit(value: number): RescueCode | null {
  if (Number.isSafeInteger(value)) return null
  if (Number.isNaN(value)) return 'not_a_number'
  return Number.isFinite(value) && !Number.isInteger(value) ? 'not_an_integer' : 'out_of_range'
}
