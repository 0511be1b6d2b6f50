import { Int32 } from 'apache-arrow'
import type { Place } from '../place.ts'
import type { RescueCode } from '../rescue_code.ts'
import { FixedColumn } from './fixed_column.ts'

/** Whole JSON numbers of 32 bits. */
export class Int32Column extends FixedColumn<Int32Array> {
  readonly kind = 'int32'
  constructor(place: Place) {
    super(new Int32(), place, new Int32Array(0))
  }

  misfit(value: unknown): RescueCode | 'missing' | null {
    if (value === null || value === undefined) return 'missing'
    if (typeof value !== 'number' || Number.isNaN(value))
      return typeof value === 'bigint' ? 'out_of_range' : 'not_a_number'
    if ((value | 0) === value) return null
    return Number.isInteger(value) || !Number.isFinite(value) ? 'out_of_range' : 'not_an_integer'
  }

  protected write(index: number, value: number): void {
    this.values[index] = value
  }

  protected view(values: Int32Array): Int32Array {
    return values
  }
}
