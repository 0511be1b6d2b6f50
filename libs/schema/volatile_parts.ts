import type { ColumnType } from './types.ts'

/** Where a type is volatile below its top, as paths such as `author.avatar`; `[]` is a list's item itself. */
export function volatileParts(type: ColumnType): string[] {
  if (type.kind === 'list') return type.item.isVolatile ? ['[]'] : volatileParts(type.item)
  if (type.kind !== 'struct') return []
  return Object.entries(type.fields).flatMap(([name, field]) =>
    field.isVolatile ? [name] : volatileParts(field).map((part) => `${name}.${part}`),
  )
}
