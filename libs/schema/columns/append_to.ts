import type { BooleanColumn } from './boolean_column.ts'
import type { Column } from './column.ts'
import type { Float64Column } from './float64_column.ts'
import type { Int32Column } from './int32_column.ts'
import type { Int64Column } from './int64_column.ts'
import type { JsonColumn } from './json_column.ts'
import type { ListColumn } from './list_column.ts'
import type { StructColumn } from './struct_column.ts'
import type { TextColumn } from './text_column.ts'
import type { TimestampColumn } from './timestamp_column.ts'

export type ColumnKind = Column['kind']

/**
 * `column.append(value)`, with a call site for each class: the engine inlines them all, where one site for
 * ten classes would look the method up each time (a tenth of the encoder's time).
 */
export function appendTo(kind: ColumnKind, column: Column, value: unknown): void {
  switch (kind) {
    case 'text':
      ;(column as TextColumn).append(value)
      break
    case 'timestamp':
      ;(column as TimestampColumn).append(value)
      break
    case 'struct':
      ;(column as StructColumn).append(value)
      break
    case 'list':
      ;(column as ListColumn).append(value)
      break
    case 'json':
      ;(column as JsonColumn).append(value)
      break
    case 'boolean':
      ;(column as BooleanColumn).append(value)
      break
    case 'int32':
      ;(column as Int32Column).append(value)
      break
    case 'int64':
      ;(column as Int64Column).append(value)
      break
    case 'float64':
      ;(column as Float64Column).append(value)
      break
  }
}
