import { type ColumnType, type Fields, ListType, ScalarType, StructType } from './types.ts'

/** Any string, in UTF-8. */
export const text = (): ScalarType<'text'> => new ScalarType('text')
/** Any JSON value, as its text; JSON's null is null. For polymorphic or open parts. */
export const json = (): ScalarType<'json'> => new ScalarType('json')
/** A point in time in µs UTC, from ISO 8601 with a zone. Years 0001 to 9999. */
export const timestamp = (): ScalarType<'timestamp'> => new ScalarType('timestamp')
export const boolean = (): ScalarType<'boolean'> => new ScalarType('boolean')
export const int32 = (): ScalarType<'int32'> => new ScalarType('int32')
/** From a safe integer or from decimal text. */
export const int64 = (): ScalarType<'int64'> => new ScalarType('int64')
/** A finite double. */
export const float64 = (): ScalarType<'float64'> => new ScalarType('float64')
/** Named fields in this order. The whole of a table is a struct. */
export const struct = <const F extends Fields>(fields: F): StructType<F> => new StructType(fields)
export const list = <const T extends ColumnType>(item: T): ListType<T> => new ListType(item)
