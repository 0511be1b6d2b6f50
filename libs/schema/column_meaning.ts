import { personalParts, volatileParts } from './marked_parts.ts'
import type { PersonalRule } from './personal.ts'
import type { ColumnType } from './types.ts'

/** What the docs say of a column: its description, and what of it is volatile or personal. */
export function columnMeaning(type: ColumnType): string {
  const [volatile, personal] = [volatileParts(type), personalParts(type)]
  const sentences = [type.description ?? '']
  if (type.isVolatile) sentences.push('Not compared: changes from read to read.')
  else if (volatile.length > 0) sentences.push(`Not compared: ${volatile.join(', ')}.`)
  if (type.personalRule !== null) sentences.push(isWhole(type.personalRule) ? 'Personal.' : 'Personal in parts.')
  else if (personal.length > 0) sentences.push(`Personal: ${personal.join(', ')}.`)
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function isWhole({ inside, keys, omit, unless }: PersonalRule): boolean {
  return [inside, keys, omit, unless].every((part) => part === undefined)
}
