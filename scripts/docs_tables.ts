import type { SourceDefinition } from '../libs/connect/source.ts'
import type { TableDefinition } from '../libs/connect/table.ts'
import { columnMeaning } from '../libs/schema/column_meaning.ts'
import type { ColumnType } from '../libs/schema/types.ts'
import { code, markdownTable } from './docs_parts.ts'

const INGESTION: Readonly<Record<TableDefinition['ingestionType'], string>> = {
  snapshot: 'snapshot: listed whole every time',
  cdc: 'cdc: new versions of rows',
  cdc_with_deletes: 'cdc_with_deletes: new versions of rows, and deletions',
  append: 'append: rows never change',
}

/** One line a table, for the project's README. */
export function tableOverview(source: SourceDefinition): string {
  const rows = source.tables.map((table) => [
    code(`${source.name}.${table.name}`),
    table.description,
    keys(table),
    table.ingestionType,
  ])
  return markdownTable(['table', 'holds', 'key', 'ingestion'], rows)
}

/** Every table with its columns, for the source's README. */
export function tableDetails(source: SourceDefinition): string {
  return source.tables.map(describeTable).join('\n')
}

function describeTable(table: TableDefinition): string {
  const order = table.cursorField === undefined ? '' : ` Versions are ordered by ${code(table.cursorField)}.`
  const columns = Object.entries(table.schema.fields).map(([name, type]) => [
    code(name),
    typeName(type) + (type.isRequired ? ', never null' : ''),
    [type.isAdded ? 'Added by Parley.' : '', columnMeaning(type)].filter(Boolean).join(' '),
  ])
  columns.push([code('_rescued_data'), 'text', 'Values that did not fit their column, with path and code, as JSON.'])
  columns.push([code('_raw'), 'text', "The API's JSON of the row; only with `include_raw`."])
  return [
    `### ${table.name}`,
    '',
    `${table.description} Key: ${keys(table)}. Ingestion ${INGESTION[table.ingestionType]}.${order}`,
    '',
    markdownTable(['column', 'type', 'meaning'], columns),
  ].join('\n')
}

function keys(table: TableDefinition): string {
  return table.primaryKeys.map(code).join(', ')
}

/** `list(struct(id text, name text))`. */
function typeName(type: ColumnType): string {
  if (type.kind === 'list') return `list(${typeName(type.item)})`
  if (type.kind !== 'struct') return type.kind
  const fields = Object.entries(type.fields).map(([name, field]) => `${name} ${typeName(field)}`)
  return `struct(${fields.join(', ')})`
}
