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
}

/** What LakeflowConnect's `readTableMetadata` answers. */
export interface TableMetadata {
  primaryKeys: string[]
  cursorField: string | null
  ingestionType: IngestionType
}

/** Declares a table and checks that its keys and cursor are columns of its schema. */
export function defineTable<const S extends StructType>(table: TableDefinition<S>): TableDefinition<S> {
  for (const column of [...table.primaryKeys, ...(table.cursorField ? [table.cursorField] : [])]) {
    if (!(column in table.schema.fields)) throw new TypeError(`Table ${table.name}: ${column} is not a column.`)
  }
  return table
}
