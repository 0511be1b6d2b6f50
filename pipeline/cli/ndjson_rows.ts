import { type DataType, type Field, type RecordBatch, Type, type Vector } from 'apache-arrow'
import type { Json, JsonObject } from '../../libs/connect/json.ts'

type ReadValue = (vector: Vector, row: number) => Json

/**
 * The rows of a batch as JSON: times as ISO 8601 in UTC with microseconds where there are any, whole numbers beyond 2^53 as text,
 * structs as objects, lists as arrays. Columns of JSON text stay text.
 */
export function* jsonRows(batch: RecordBatch): Generator<JsonObject> {
  const columns = batch.schema.fields.map((field, index) => ({
    name: field.name,
    vector: batch.getChildAt(index)!,
    read: reader(field.type),
  }))
  for (let row = 0; row < batch.numRows; row++) {
    const object: JsonObject = {}
    for (const { name, vector, read } of columns) object[name] = vector.isValid(row) ? read(vector, row) : null
    yield object
  }
}

function reader(type: DataType): ReadValue {
  switch (type.typeId) {
    case Type.Timestamp:
      return (vector, row) => formatMicros(rawValue(vector, row))
    case Type.Struct:
      return structReader(type.children as Field[])
    case Type.List:
      return listReader((type.children as Field[])[0]!)
    default:
      return (vector, row) => plain(vector.get(row))
  }
}

function structReader(fields: readonly Field[]): ReadValue {
  const readers = fields.map((field) => reader(field.type))
  return (vector, row) => {
    const object: JsonObject = {}
    for (const [index, { name }] of fields.entries()) {
      const child = vector.getChildAt(index)!
      object[name] = child.isValid(row) ? readers[index]!(child, row) : null
    }
    return object
  }
}

function listReader(item: Field): ReadValue {
  const read = reader(item.type)
  return (vector, row) => {
    const items = vector.get(row) as Vector
    return Array.from({ length: items.length }, (_, index) => (items.isValid(index) ? read(items, index) : null))
  }
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value as Json
}

/** Arrow's own getter rounds microseconds to milliseconds, so the 64 bits are read as they are. */
function rawValue(vector: Vector, row: number): bigint {
  let index = row
  for (const data of vector.data) {
    if (index < data.length) return (data.values as BigInt64Array)[index]!
    index -= data.length
  }
  throw new RangeError(`There is no row ${row}.`)
}

function formatMicros(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const text = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, -5)
  if (fraction === 0n) return `${text}Z`
  const digits = String(fraction).padStart(6, '0')
  return `${text}.${digits.endsWith('000') ? digits.slice(0, 3) : digits}Z`
}
