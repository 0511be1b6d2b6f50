import type { List, Struct } from 'apache-arrow'
import { toArrowType } from '../arrow_schema.ts'
import type { Place } from '../place.ts'
import type { ColumnType } from '../types.ts'
import { BooleanColumn } from './boolean_column.ts'
import type { Column } from './column.ts'
import { Float64Column } from './float64_column.ts'
import { Int32Column } from './int32_column.ts'
import { Int64Column } from './int64_column.ts'
import { JsonColumn } from './json_column.ts'
import { ListColumn } from './list_column.ts'
import { StructColumn } from './struct_column.ts'
import { TextColumn, type TextOptions } from './text_column.ts'
import { TimestampColumn } from './timestamp_column.ts'

/** Empty buffers for a declared type. */
export function columnOf(type: ColumnType, place: Place, options: TextOptions = {}): Column {
  switch (type.kind) {
    case 'text':
      return new TextColumn(place, options)
    case 'json':
      return new JsonColumn(place)
    case 'timestamp':
      return new TimestampColumn(place)
    case 'boolean':
      return new BooleanColumn(place)
    case 'int32':
      return new Int32Column(place)
    case 'float64':
      return new Float64Column(place)
    case 'int64':
      return new Int64Column(place)
    case 'struct': {
      const children = Object.entries(type.fields).map(([name, child]) => columnOf(child, place.field(name)))
      return new StructColumn(toArrowType(type) as Struct, children, place)
    }
    case 'list':
      return new ListColumn(toArrowType(type) as List, place, (items) => columnOf(type.item, items))
  }
}
