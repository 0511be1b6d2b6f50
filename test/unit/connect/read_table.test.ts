import { describe, expect, it } from 'vitest'
import type { FeedDefinition } from '../../../libs/connect/feed.ts'
import type { TableBatch } from '../../../libs/connect/lakeflow.ts'
import { parseOffset } from '../../../libs/connect/offset.ts'
import { readTable } from '../../../libs/connect/read_table.ts'
import { batchOf, notes } from '../../support/jobs.ts'

const UNTIL = 100
const refusal = { code: 'PARLEY_PERMISSION_MISSING', status: 403, message: 'no', remedy: 'Ask.' }

/** Three teams, of which one says no and is read as two parts. */
const feed: FeedDefinition<null> = {
  name: 'notes',
  tables: ['notes'],
  kind: 'windowed',
  cursorVersion: 1,
  until: async () => UNTIL,
  discover: async () => ({ partitions: ['one', 'refusing', 'three'].map((id) => ({ id })), complete: true }),
  look: async () => ({ state: 'present' }),
  cursorAt: (t) => ({ v: 1, t }),
  fallback: async ({ id }) =>
    id === 'refusing' ? { partitions: [{ id: 'refusing/a' }, { id: 'refusing/b' }], complete: false } : null,
  async *read(_connection, { id }, cursor) {
    const t = Number(cursor?.t ?? 0)
    if (id === 'refusing')
      return yield { rows: new Map(), cursor: cursor ?? { v: 1, t: 0 }, complete: true, refused: refusal }
    const rows = new Map([['notes', [batchOf(notes, [{ id: `${id}@${t}`, changed: null, content: '' }])]]])
    yield { rows, cursor: { v: 1, t: UNTIL }, complete: true }
  },
}

async function read(partitions: Record<string, number>, maxPages: number): Promise<string[]> {
  const cursors = Object.entries(partitions).map(([id, t]) => [id, { v: 1, t }])
  const start = parseOffset({ v: 1, partitions: Object.fromEntries(cursors) })
  const batches: TableBatch[] = []
  for await (const batch of readTable(null, { feed, table: notes, options: {} }, start, { limit: { maxPages } }))
    batches.push(batch)
  return batches.flatMap(({ records }) => records.flatMap((batch) => batch.toArray().map((row) => String(row.id))))
}

describe('a read with a limit', () => {
  it('takes the parts of a partition that said no by their progress, before those that are further', async () => {
    expect(await read({ one: 50, refusing: 0, three: 60 }, 2)).toEqual(['refusing/a@0', 'refusing/b@0'])
  })

  it('does not let parts that have been read keep the others waiting', async () => {
    const done = { one: 50, refusing: 0, 'refusing/a': 90, 'refusing/b': 95, three: 60 }
    expect(await read(done, 3)).toEqual(['one@50', 'three@60', 'refusing/a@90'])
  })
})
