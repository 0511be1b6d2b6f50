import type { TableDefinition } from '../connect/table.ts'
import { personalParts, volatileParts } from './marked_parts.ts'
import { type ColumnType, RESCUED_COLUMN, type StructType } from './types.ts'

/** The columns of a table as a Markdown table, for a source's README. Keys are bold. */
export function schemaMarkdown(table: TableDefinition): string {
  const lines = ['| column | type | nullable | meaning |', '|---|---|---|---|']
  for (const [name, type] of Object.entries(table.schema.fields)) {
    const title = table.primaryKeys.includes(name) ? `**${cell(name)}**` : cell(name)
    lines.push(`| ${title} | ${cell(typeName(type))} | ${type.isRequired ? 'no' : 'yes'} | ${cell(meaning(type))} |`)
  }
  lines.push(
    `| ${RESCUED_COLUMN} | text | yes | What did not fit its column: JSON by path, with a code and the original value. |`,
  )
  return `${lines.join('\n')}\n`
}

/** The description, and what is volatile or personal. */
function meaning(type: ColumnType): string {
  const [volatile, personal] = [volatileParts(type), personalParts(type)]
  const sentences = [type.description ?? '']
  if (type.isVolatile) sentences.push('Not compared: changes from read to read.')
  else if (volatile.length > 0) sentences.push(`Not compared: ${volatile.join(', ')}.`)
  if (type.personalRule !== null) sentences.push('Personal.')
  else if (personal.length > 0) sentences.push(`Personal: ${personal.join(', ')}.`)
  return sentences.filter((sentence) => sentence !== '').join(' ')
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
