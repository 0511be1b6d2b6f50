import type { ListType, RequiredColumn, ScalarType, StructType } from './types.ts'

interface ScalarValues {
  text: string
  json: string
  /** µs since 1970-01-01T00:00:00Z. */
  timestamp: bigint
  boolean: boolean
  int32: number
  int64: bigint
  float64: number
}

type InferValue<T> =
  T extends StructType<infer F>
    ? InferFields<F>
    : T extends ListType<infer I>
      ? (InferValue<I> | null)[]
      : T extends ScalarType<infer K>
        ? ScalarValues[K]
        : never

type InferFields<F> = {
  -readonly [N in keyof F]: F[N] extends RequiredColumn ? InferValue<F[N]> : InferValue<F[N]> | null
}

/** The TypeScript type of a row as it is stored: null wherever a column is not required. */
export type InferRow<S extends StructType> = InferFields<S['fields']>
