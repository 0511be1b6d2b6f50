import type { Data } from 'apache-arrow'
import type { RescueCode } from '../rescue_code.ts'
import type { ColumnType } from '../types.ts'
import type { Slab } from './slab.ts'

/**
 * The growing buffers of one column. `append` never throws on a value: what does not fit becomes null and
 * is reported to the column's place. The working buffers stay for the next batch; `finish` copies out of them.
 */
export interface Column {
  readonly kind: ColumnType['kind']
  /** Values so far. */
  readonly length: number
  /** Approximate bytes buffered. */
  readonly bytes: number
  append(value: unknown): void
  appendNulls(count: number): void
  /** Why `append` would make a null of this value, or null if it would not. Null itself is `missing`. */
  misfit(value: unknown): RescueCode | 'missing' | null
  /** Does the work that was put off, so that every misfit is reported. May be called at any time, before `slabBytes` it must. */
  settle(): void
  /** Bytes that `finish` takes of a slab. */
  slabBytes(): number
  /** The values as Arrow data; the column is empty afterwards. */
  finish(slab: Slab): Data
}

/** Values that a column has room for at first; it doubles from there. */
export const INITIAL_ROWS = 64

/** Arrow's 32-bit offsets end here. */
export const MAX_OFFSET = 0x7fff_ffff

type Values = Uint8Array | Int32Array | Uint32Array | Float64Array | BigInt64Array

/** The same values with room for `needed` of them, at least twice the old room. */
export function grown<T extends Values>(values: T, needed: number): T {
  const copy = new (values.constructor as new (length: number) => T)(Math.max(values.length * 2, needed))
  copy.set(values as never)
  return copy
}
