import type { RecordBatch } from 'apache-arrow'
import { text } from '../../../libs/schema/builders.ts'
import { RowEncoder, type RowEncoderOptions } from '../../../libs/schema/row_encoder.ts'
import { type ColumnType, StructType } from '../../../libs/schema/types.ts'
import { plainRows } from './plain_rows.ts'

/** Encodes rows that must all be taken. */
export function encode(
  schema: StructType,
  rows: readonly unknown[],
  options: Partial<RowEncoderOptions> = {},
): RecordBatch {
  const encoder = new RowEncoder(schema, { table: 't', primaryKeys: [], ...options })
  for (const row of rows) {
    const rejection = encoder.append(row)
    if (rejection !== null) throw new Error(rejection.message)
  }
  return encoder.finish()
}

/** One value through a column `x` of a type: what it became, and its entry in `_rescued_data`. */
export function through(type: ColumnType, value: unknown): { value: unknown; rescued: unknown } {
  const [row] = plainRows(encode(new StructType({ id: text(), x: type }), [{ id: '1', x: value }]))
  const rescued = row!._rescued_data as string | null
  return { value: row!.x, rescued: rescued === null ? null : JSON.parse(rescued) }
}
