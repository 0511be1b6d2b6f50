import type { SchemaOptions } from './arrow_schema.ts'
import { type ColumnType, RAW_COLUMN, RESCUED_COLUMN, type StructType } from './types.ts'

export interface SqlColumn {
  /** As declared; quote it where it goes into SQL. */
  name: string
  type: string
  nullable: boolean
}

/** A DuckDB identifier: always in quotes. */
export function quoteDuckDb(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The DuckDB type of one declared type. JSON is kept as VARCHAR: its text stays as the source sent it. */
export function duckDbType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
    case 'json':
      return 'VARCHAR'
    case 'timestamp':
      return 'TIMESTAMPTZ'
    case 'boolean':
      return 'BOOLEAN'
    case 'int32':
      return 'INTEGER'
    case 'int64':
      return 'BIGINT'
    case 'float64':
      return 'DOUBLE'
    case 'list':
      return `${duckDbType(type.item)}[]`
    case 'struct':
      return `STRUCT(${Object.entries(type.fields)
        .map(([name, field]) => `${quoteDuckDb(name)} ${duckDbType(field)}`)
        .join(', ')})`
  }
}

/** The columns of a table in DuckDB: the declared ones, `_rescued_data`, and `_raw` if wanted. */
export function duckDbColumns(struct: StructType, options: SchemaOptions = {}): SqlColumn[] {
  const columns: SqlColumn[] = Object.entries(struct.fields).map(([name, type]) => ({
    name,
    type: duckDbType(type),
    nullable: !type.isRequired,
  }))
  columns.push({ name: RESCUED_COLUMN, type: 'VARCHAR', nullable: true })
  if (options.includeRaw) columns.push({ name: RAW_COLUMN, type: 'VARCHAR', nullable: true })
  return columns
}
