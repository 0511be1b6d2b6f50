import { Float64 } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { FixedColumn } from './fixed_column.ts'

/** Finite JSON numbers; of a long whole number the nearest double. */
export class Float64Column extends FixedColumn<Float64Array> {
  readonly kind = 'float64'
  constructor(place: Place) {
    super(new Float64(), place, new Float64Array(0))
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    if (typeof value !== 'number' || Number.isNaN(value)) return bigMisfit(value)
    // JSON can say 1e999, which parses to Infinity.
    return Number.isFinite(value) ? null : 'out_of_range'
  }

  protected write(index: number, value: number | bigint): void {
    this.values[index] = Number(value)
  }

  protected view(values: Float64Array): Float64Array {
    return values
  }
}

function bigMisfit(value: unknown): RescueCode | null {
  if (typeof value !== 'bigint') return 'not_a_number'
  return Number.isFinite(Number(value)) ? null : 'out_of_range'
}
