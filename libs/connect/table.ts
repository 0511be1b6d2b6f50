import { volatileParts } from '../schema/marked_parts.ts'
import type { StructType } from '../schema/types.ts'

/**
 * How rows of a table come about, in LakeflowConnect's words:
 * `snapshot` is listed whole every time, `cdc` brings new versions of rows,
 * `cdc_with_deletes` also brings deletions apart, `append` never repeats a row.
 */
export type IngestionType = 'snapshot' | 'cdc' | 'cdc_with_deletes' | 'append'

/** One declaration of a table; types, Arrow schema, encoder, DDL and docs follow from it. */
export interface TableDefinition<S extends StructType = StructType> {
  readonly name: string
  /** One sentence for the docs. */
  readonly description: string
  /** Complete: two different things never share a key. */
  readonly primaryKeys: readonly string[]
  /** The column that orders versions of a row; absent for snapshots. */
  readonly cursorField?: string
  readonly ingestionType: IngestionType
  readonly schema: S
  /** Absent: rows that the API no longer shows stay as they are. */
  readonly softDelete?: SoftDelete
}

/** Rows that the API no longer shows are marked, not removed: for tables whose feed says what it has scanned whole. */
export interface SoftDelete {
  /** A nullable time: when a read first lacked the row. A row that comes back has none. */
  readonly column: string
  /** The column of the scope that `ScannedRange` names (`channel_id`); gone partitions have a parameter of this name. */
  readonly scope: string
  /** The column that orders the rows of a scope: unsigned 64-bit integers as text. */
  readonly range: string
}

/** What LakeflowConnect's `readTableMetadata` answers. */
export interface TableMetadata {
  primaryKeys: string[]
  cursorField: string | null
  ingestionType: IngestionType
}

/**
 * Declares a table.
 * @throws TypeError if a column it names is not one of its schema, or a key is volatile: rows would lose themselves
 */
export function defineTable<const S extends StructType>(table: TableDefinition<S>): TableDefinition<S> {
  const { primaryKeys, cursorField, softDelete } = table
  const named = [...primaryKeys, ...(cursorField ? [cursorField] : []), ...Object.values(softDelete ?? {})]
  for (const column of named) {
    if (!(column in table.schema.fields)) throw new TypeError(`Table ${table.name}: ${column} is not a column.`)
  }
  for (const key of table.primaryKeys)
    if (table.schema.fields[key]!.isVolatile || volatileParts(table.schema.fields[key]!).length > 0)
      throw new TypeError(`Table ${table.name}: key ${key} cannot be volatile.`)
  return table
}
