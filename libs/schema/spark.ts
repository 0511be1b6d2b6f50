import type { SchemaOptions } from './arrow_schema.ts'
import { type ColumnType, RAW_COLUMN, RESCUED_COLUMN, type StructType } from './types.ts'

/** A Spark identifier: always in backticks. */
export function quoteSpark(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** The Spark SQL type of one declared type. */
export function sparkType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
    case 'json':
      return 'STRING'
    case 'timestamp':
      return 'TIMESTAMP'
    case 'boolean':
      return 'BOOLEAN'
    case 'int32':
      return 'INT'
    case 'int64':
      return 'BIGINT'
    case 'float64':
      return 'DOUBLE'
    case 'list':
      return `ARRAY<${sparkType(type.item)}>`
    case 'struct':
      return `STRUCT<${Object.entries(type.fields)
        .map(([name, field]) => `${quoteSpark(name)}: ${sparkType(field)}`)
        .join(', ')}>`
  }
}

/** The columns of a table as a DDL text, which Spark's `DataSource.schema` takes as it is. */
export function sparkDdl(struct: StructType, options: SchemaOptions = {}): string {
  const columns = Object.entries(struct.fields).map(
    ([name, type]) => `${quoteSpark(name)} ${sparkType(type)}${type.isRequired ? ' NOT NULL' : ''}`,
  )
  columns.push(`${quoteSpark(RESCUED_COLUMN)} STRING`)
  if (options.includeRaw) columns.push(`${quoteSpark(RAW_COLUMN)} STRING`)
  return columns.join(', ')
}
