import type { RecordBatch } from 'apache-arrow'
import { defineTable } from '../../libs/connect/table.ts'
import { list, RowEncoder, struct, text, timestamp } from '../../libs/schema/index.ts'
import type { SyncJob } from '../../pipeline/sync/types.ts'

const fields = () => ({
  id: text().required(),
  changed: timestamp(),
  body: struct({ content: text() }),
  tags: list(text()),
})

/** A table with versions, and one that is listed whole. */
export const notes = defineTable({
  name: 'notes',
  description: 'Notes.',
  primaryKeys: ['id'],
  cursorField: 'changed',
  ingestionType: 'cdc',
  schema: struct(fields()),
})
export const labels = defineTable({
  name: 'labels',
  description: 'Labels.',
  primaryKeys: ['id'],
  ingestionType: 'snapshot',
  schema: struct(fields()),
})

export function jobOf(table: SyncJob['table'], scdType: SyncJob['scdType'] = 'SCD_TYPE_1'): SyncJob {
  return {
    table,
    destination: { schema: 'test', table: table.name },
    scdType,
    primaryKeys: [...table.primaryKeys],
    sequenceBy: table.cursorField ?? null,
    options: {},
  }
}

export interface Note {
  id: string
  changed: string | null
  content: string
}

export function batchOf(table: SyncJob['table'], rows: readonly Note[]): RecordBatch {
  const encoder = new RowEncoder(table.schema, { table: table.name, primaryKeys: table.primaryKeys })
  for (const { id, changed, content } of rows)
    encoder.append({ id, changed, body: { content }, tags: [content, null, 'x'] })
  return encoder.finish()
}
