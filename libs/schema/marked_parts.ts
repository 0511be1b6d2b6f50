import type { ColumnType } from './types.ts'

/** Where a type is marked below its top, as paths such as `author.avatar`; `[]` is a list's item itself. */
export function markedParts(type: ColumnType, isMarked: (type: ColumnType) => boolean): string[] {
  if (type.kind === 'list') return isMarked(type.item) ? ['[]'] : markedParts(type.item, isMarked)
  if (type.kind !== 'struct') return []
  return Object.entries(type.fields).flatMap(([name, field]) =>
    isMarked(field) ? [name] : markedParts(field, isMarked).map((part) => `${name}.${part}`),
  )
}

/** What is volatile below the top of a type. */
export const volatileParts = (type: ColumnType): string[] => markedParts(type, ({ isVolatile }) => isVolatile)

/** What is personal below the top of a type. */
export const personalParts = (type: ColumnType): string[] =>
  markedParts(type, ({ personalRule }) => personalRule !== null)
