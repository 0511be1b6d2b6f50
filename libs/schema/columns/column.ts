import type { Data } from 'apache-arrow'
import type { RescueCode } from '../rescue_code.ts'

/**
 * The growing buffers of one column. `append` never throws on a value: what does not fit becomes null and
 * is reported to the column's place. Not thread-safe, no I/O.
 */
export interface Column {
  /** Values so far. */
  readonly length: number
  /** Approximate bytes buffered. */
  readonly bytes: number
  append(value: unknown): void
  /** Why `append` would make a null of this value, or null if it would not. Null itself is `missing`. */
  misfit(value: unknown): RescueCode | 'missing' | null
  /** The values as Arrow data. Buffers are fresh afterwards, since a writer may still hold these. */
  finish(): Data
}

/** Values that a column has room for at first; it doubles from there. */
export const INITIAL_ROWS = 64

/** Arrow's 32-bit offsets end here. */
export const MAX_OFFSET = 0x7fff_ffff

type Values = Uint8Array | Int32Array | Uint32Array | Float64Array | BigInt64Array

/** The same values with twice the room. */
export function doubled<T extends Values>(values: T): T {
  const copy = new (values.constructor as new (length: number) => T)(values.length * 2)
  copy.set(values as never)
  return copy
}
