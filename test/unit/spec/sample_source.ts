import type { SourceDefinition } from '../../../libs/connect/source.ts'
import { defineTable } from '../../../libs/connect/table.ts'
import { struct, text, timestamp } from '../../../libs/schema/builders.ts'

const key = { id: text().required(), room_id: text().required() }

/** A source with every kind of option and table that a spec can name. It has no feeds: nothing here reads. */
export const sample: SourceDefinition = {
  name: 'sample',
  displayName: 'Sample',
  options: {
    api_key: { type: 'text', scope: 'connection', required: true, secret: true, description: 'Key of the account.' },
    base_url: { type: 'origin', scope: 'connection', description: 'Origin of the API.' },
    page_size: {
      type: 'integer',
      scope: 'table',
      min: 1,
      max: 50,
      default: 50,
      description: 'Rows a request asks for.',
    },
    room_ids: { type: 'list', scope: 'table', description: 'Only these rooms.' },
    include_raw: { type: 'boolean', scope: 'table', default: false, description: 'Keep the JSON.' },
    top: { type: 'text', scope: 'table', description: 'From other specs.', ignored: 'top does nothing.' },
  },
  tables: [
    defineTable({
      name: 'rooms',
      description: 'Rooms.',
      primaryKeys: ['id'],
      ingestionType: 'snapshot',
      schema: struct({ id: text().required(), title: text() }),
    }),
    defineTable({
      name: 'posts',
      description: 'Posts.',
      primaryKeys: ['room_id', 'id'],
      cursorField: 'changed_at',
      ingestionType: 'cdc',
      schema: struct({ ...key, body: text(), changed_at: timestamp() }),
    }),
  ],
  feeds: [],
  account: () => 'test',
  connect: () => ({ close: async () => {} }),
  check: async () => [],
}
