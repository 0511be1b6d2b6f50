import type { TableDefinition } from '../connect/table.ts'
import { columnMeaning } from './column_meaning.ts'
import { type ColumnType, RESCUED_COLUMN, type StructType } from './types.ts'

/** The columns of a table as a Markdown table, for a source's README. Keys are bold. */
export function schemaMarkdown(table: TableDefinition): string {
  const lines = ['| column | type | nullable | meaning |', '|---|---|---|---|']
  for (const [name, type] of Object.entries(table.schema.fields)) {
    const title = table.primaryKeys.includes(name) ? `**${cell(name)}**` : cell(name)
    lines.push(
      `| ${title} | ${cell(typeName(type))} | ${type.isRequired ? 'no' : 'yes'} | ${cell(columnMeaning(type))} |`,
    )
  }
  lines.push(
    `| ${RESCUED_COLUMN} | text | yes | What did not fit its column: JSON by path, with a code and the original value. |`,
  )
  return `${lines.join('\n')}\n`
}

function typeName(type: ColumnType): string {
  if (type.kind === 'list') return `list of ${typeName(type.item)}`
  return type.kind === 'struct' ? structName(type) : type.kind
}

function structName(struct: StructType): string {
  const fields = Object.entries(struct.fields).map(([name, type]) => `${name} ${typeName(type)}`)
  return `{ ${fields.join(', ')} }`
}

/** Text that cannot break out of its cell. */
function cell(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/\s*[\r\n]+\s*/g, ' ')
}
