import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTable } from '../../../libs/connect/table.ts'
import { list, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { RowEncoder } from '../../../libs/schema/row_encoder.ts'
import type { SyncJob } from '../../../pipeline/sync/types.ts'
import { jobOf } from '../../support/jobs.ts'
import { changes, Lake } from './lake.ts'

/** @param read a column that is different in every read */
const tableOf = (read: ReturnType<typeof text>, changed = timestamp()) =>
  defineTable({
    name: 'files',
    description: 'Files.',
    primaryKeys: ['id'],
    cursorField: 'changed',
    ingestionType: 'cdc',
    schema: struct({
      id: text().required(),
      changed,
      title: text(),
      url: read,
      parts: list(struct({ id: text(), url: read })),
    }),
  })
const files = tableOf(text().volatile())

let lake: Lake
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

async function put(job: SyncJob, read: string, { title = 'x', second = 1 } = {}) {
  const encoder = new RowEncoder(job.table.schema, { table: 'files', primaryKeys: ['id'] })
  encoder.append({
    id: 'a',
    changed: new Date(second * 1000).toISOString(),
    title,
    url: read,
    parts: [{ id: 'p', url: read }],
  })
  const counts = await lake.commit({ batches: [{ job: 'test.files', partition: 'p', batch: encoder.finish() }] })
  return counts.get('test.files')
}

const urls = () =>
  lake.rows('SELECT url, parts[1].url AS part FROM test.files ORDER BY ALL') as Promise<{ url: string; part: string }[]>
const hashed = () => lake.rows<{ hashed_columns: string }>('SELECT hashed_columns FROM parley.jobs')

describe.each(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const)('volatile columns, %s', (scdType) => {
  const job = jobOf(files, scdType)

  it('change nothing by themselves, and come with the next change', async () => {
    await lake.open([job])
    await put(job, '1')
    expect(await put(job, '2')).toEqual(changes({}))
    expect(await urls()).toEqual([{ url: '1', part: '1' }])
    await put(job, '3', { title: 'y', second: 2 })
    expect(await urls()).toContainEqual({ url: '3', part: '3' })
  })

  it('are not among what the hash covers, and are filled in place by --full', async () => {
    await lake.open([job])
    expect(await hashed()).toEqual([{ hashed_columns: '["id","changed","title","parts"]' }])
    await put(job, '1')
    await lake.open([job], { full: true })
    expect(await put(job, '2')).toEqual(changes({ refilled: 1 }))
    expect(await put(job, '2')).toEqual(changes({}))
    expect(await urls()).toEqual([{ url: '2', part: '2' }])
  })
})

it('a cursor may be volatile: a later time alone is no version', async () => {
  const job = jobOf(tableOf(text(), timestamp().volatile()), 'SCD_TYPE_2')
  await lake.open([job])
  await put(job, '1')
  expect(await put(job, '1', { second: 2 })).toEqual(changes({}))
  expect(await put(job, '2', { second: 3 })).toEqual(changes({ updated: 1 }))
})

it('a column that a table’s hash has covered goes on to be: no row is another because of a new declaration', async () => {
  const flat = (read: ReturnType<typeof text>) => {
    const { parts, ...fields } = tableOf(read).schema.fields
    return jobOf({ ...files, schema: struct(fields) }, 'APPEND_ONLY')
  }
  await lake.open([flat(text())])
  await put(flat(text()), '1')
  const before = await hashed()
  await lake.open([flat(text().volatile())])
  expect(await hashed()).toEqual(before)
  expect(await put(flat(text().volatile()), '1')).toEqual(changes({}))
  expect(await put(flat(text().volatile()), '2')).toEqual(changes({ inserted: 1 }))
})

describe.each(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const)(
  'what is volatile and not shown any more, %s',
  (scdType) => {
    const table = defineTable({
      name: 'signs',
      description: 'Signs.',
      primaryKeys: ['id'],
      cursorField: 'changed',
      ingestionType: 'cdc',
      schema: struct({
        id: text().required(),
        changed: timestamp(),
        users: list(text()).volatile(),
        emoji: struct({ id: text(), name: text().volatile() }),
      }),
    })
    const job = jobOf(table, scdType)

    async function put(row: { users?: string[]; emoji?: { id: string; name?: string } }) {
      const encoder = new RowEncoder(job.table.schema, { table: 'signs', primaryKeys: ['id'] })
      encoder.append({ id: 'a', changed: '2026-01-01T00:00:00Z', ...row })
      const counts = await lake.commit({ batches: [{ job: 'test.signs', partition: 'p', batch: encoder.finish() }] })
      return counts.get('test.signs')
    }
    const held = () => lake.rows('SELECT users, emoji.id AS id, emoji.name AS name FROM test.signs')

    it('stays in --full; what is shown anew is filled in', async () => {
      await lake.open([job])
      await put({ users: ['u'], emoji: { id: '5', name: 'wave' } })
      await lake.open([job], { full: true })
      expect(await put({ emoji: { id: '5' } })).toEqual(changes({}))
      expect(await held()).toEqual([{ users: ['u'], id: '5', name: 'wave' }])
      expect(await put({ users: ['u', 'v'], emoji: { id: '5', name: 'hello' } })).toEqual(changes({ refilled: 1 }))
      expect(await held()).toEqual([{ users: ['u', 'v'], id: '5', name: 'hello' }])
    })

    it('is filled where it was not held', async () => {
      await lake.open([job])
      await put({})
      await lake.open([job], { full: true })
      expect(await put({ users: [] })).toEqual(changes({ refilled: 1 }))
      expect(await held()).toEqual([{ users: [], id: null, name: null }])
    })
  },
)
