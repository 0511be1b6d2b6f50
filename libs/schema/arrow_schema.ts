import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow'
import { type ColumnType, RAW_COLUMN, RESCUED_COLUMN, type StructType } from './types.ts'

export interface SchemaOptions {
  /** Adds the text column `_raw` with the whole JSON of each row. */
  includeRaw?: boolean
}

/** The Arrow schema of a table: declared columns in order, then `_rescued_data`, then `_raw` if wanted. */
export function toArrowSchema(struct: StructType, options: SchemaOptions = {}): Schema {
  const fields = toArrowFields(struct)
  fields.push(new Field(RESCUED_COLUMN, new Utf8(), true))
  if (options.includeRaw) fields.push(new Field(RAW_COLUMN, new Utf8(), true))
  return new Schema(fields)
}

/** The Arrow type of one declared type. Timestamps are µs UTC; text and JSON are Utf8. */
export function toArrowType(type: ColumnType): DataType {
  switch (type.kind) {
    case 'text':
    case 'json':
      return new Utf8()
    case 'timestamp':
      return new TimestampMicrosecond('UTC')
    case 'boolean':
      return new Bool()
    case 'int32':
      return new Int32()
    case 'int64':
      return new Int64()
    case 'float64':
      return new Float64()
    case 'struct':
      return new Struct(toArrowFields(type))
    case 'list':
      return new List(new Field('item', toArrowType(type.item), true, comment(type.item)))
  }
}

function toArrowFields(struct: StructType): Field[] {
  return Object.entries(struct.fields).map(
    ([name, type]) => new Field(name, toArrowType(type), !type.isRequired, comment(type)),
  )
}

function comment(type: ColumnType): Map<string, string> {
  return new Map(type.description === undefined ? [] : [['comment', type.description]])
}
