import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTable } from '../../../libs/connect/table.ts'
import { RowEncoder, struct, text, timestamp } from '../../../libs/schema/index.ts'
import type { Scanned } from '../../../pipeline/destinations/destination.ts'
import type { ScdType } from '../../../pipeline/spec/types.ts'
import { jobOf } from '../../support/jobs.ts'
import { changes, Lake } from './lake.ts'

const posts = defineTable({
  name: 'posts',
  description: 'Rows whose API shows no deletions.',
  primaryKeys: ['room', 'id'],
  cursorField: 'seen_at',
  ingestionType: 'cdc',
  softDelete: { column: 'deleted_at', scope: 'room', range: 'id' },
  schema: struct({
    room: text().required(),
    id: text().required(),
    content: text(),
    seen_at: timestamp().volatile(),
    deleted_at: timestamp(),
  }),
})

/** Ids of nineteen and of twenty digits: compared as text the second would be the smaller one. */
const [OLD, NEW] = ['9999999999999999999', '18446744073709551614']
const ALL = { after: '0', upTo: '18446744073709551615' }

let lake: Lake
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

const post = (id: string, second: number, content = 'a post', room = 'r') => ({
  room,
  id,
  content,
  seen_at: new Date(second * 1000).toISOString(),
  deleted_at: null,
})

function encode(rows: readonly object[]) {
  const encoder = new RowEncoder(posts.schema, { table: posts.name, primaryKeys: posts.primaryKeys })
  for (const row of rows) encoder.append(row)
  return encoder.finish()
}

async function read(rows: object[], scanned: Partial<Scanned>[] = []) {
  const batches = rows.length === 0 ? [] : [{ job: 'test.posts', partition: 'p', batch: encode(rows) }]
  const ranges = scanned.map((range) => ({ job: 'test.posts', scope: 'r', ...ALL, at: 0, ...range }))
  return (await lake.commit({ batches, scanned: ranges })).get('test.posts')
}

/** The latest state of each row: its id, and since when it is deleted. */
const state = () =>
  lake.rows<{ id: string; deleted: string | null }>(
    `SELECT id, epoch(deleted_at)::VARCHAR AS deleted FROM test.posts
     QUALIFY row_number() OVER (PARTITION BY room, id ORDER BY seen_at DESC) = 1 ORDER BY room, id::UBIGINT`,
  )

describe.each(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const)(
  'a row that a scan lacks, %s',
  (scdType: ScdType) => {
    beforeEach(async () => {
      await lake.open([jobOf(posts, scdType)])
      await read([post(OLD, 10), post(NEW, 10)])
    })

    it('is marked as deleted, once', async () => {
      expect(await read([post(OLD, 20)], [{ at: 20_000 }])).toEqual(changes({ deleted: 1 }))
      expect(await state()).toEqual([
        { id: OLD, deleted: null },
        { id: NEW, deleted: '20.0' },
      ])
      expect(await read([post(OLD, 30)], [{ at: 30_000 }])).toEqual(changes({}))
    })

    it('is marked by a scan that showed nothing at all', async () => {
      expect(await read([], [{ at: 20_000 }])).toEqual(changes({ deleted: 2 }))
    })

    it('stays as it is outside of the range, and in another scope', async () => {
      expect(await read([], [{ after: OLD, upTo: '18446744073709551613', at: 20_000 }])).toEqual(changes({}))
      expect(await read([], [{ scope: 'other', at: 20_000 }])).toEqual(changes({}))
      expect(await read([], [{ after: '0', upTo: OLD, at: 20_000 }])).toEqual(changes({ deleted: 1 }))
      expect(await state()).toEqual([
        { id: OLD, deleted: '20.0' },
        { id: NEW, deleted: null },
      ])
    })

    it('is marked once by ranges that overlap', async () => {
      expect(await read([], [{ at: 20_000 }, { after: OLD, at: 21_000 }])).toEqual(changes({ deleted: 2 }))
    })

    it('is marked later than it was seen, though both were in one second', async () => {
      await read([], [{ at: 10_000 }])
      expect(await state()).toEqual([
        { id: OLD, deleted: '10.001' },
        { id: NEW, deleted: '10.001' },
      ])
    })

    it('comes back when it is shown again', async () => {
      await read([], [{ at: 20_000 }])
      const back = await read([post(NEW, 30, 'said anew')], [{ after: OLD, at: 30_000 }])
      expect(back).toEqual(scdType === 'APPEND_ONLY' ? changes({ inserted: 1 }) : changes({ updated: 1 }))
      expect(await state()).toEqual([
        { id: OLD, deleted: '20.0' },
        { id: NEW, deleted: null },
      ])
    })
  },
)

it('a deleted row of SCD2 has a version for what it was and one for its deletion', async () => {
  await lake.open([jobOf(posts, 'SCD_TYPE_2')])
  await read([post(NEW, 10)])
  await read([], [{ at: 20_000 }])
  const versions = await lake.rows(
    `SELECT content, epoch(__START_AT)::INTEGER AS "from", epoch(__END_AT)::INTEGER AS "to", deleted_at IS NOT NULL AS deleted
     FROM test.posts ORDER BY __START_AT`,
  )
  expect(versions).toEqual([
    { content: 'a post', from: 10, to: 20, deleted: false },
    { content: 'a post', from: 20, to: null, deleted: true },
  ])
})

it('a table without soft deletes takes no ranges', () => {
  expect(() => defineTable({ ...posts, softDelete: { ...posts.softDelete!, range: 'nothing' } })).toThrow(TypeError)
})
