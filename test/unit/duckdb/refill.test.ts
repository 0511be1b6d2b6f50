import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { int32, struct, text, timestamp } from '../../../libs/schema/index.ts'
import { RowEncoder } from '../../../libs/schema/row_encoder.ts'
import type { SyncJob } from '../../../pipeline/sync/types.ts'
import { jobOf, labels, notes } from '../../support/jobs.ts'
import { changes, Lake, prod } from './lake.ts'

/** The tables as a later release declares them: one more column. */
const later = {
  notes: { ...notes, schema: struct({ ...notes.schema.fields, mood: text() }) },
  labels: { ...labels, schema: struct({ ...labels.schema.fields, mood: text() }) },
}
const raw = (job: SyncJob): SyncJob => ({ ...job, options: { include_raw: true } })

let lake: Lake
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

interface Read {
  id: string
  second: number
  content?: string
  mood?: string
  generation?: number
}

async function put(job: SyncJob, ...rows: Read[]) {
  const includeRaw = job.options.include_raw === true
  const encoder = new RowEncoder(job.table.schema, { table: 'x', primaryKeys: ['id'], includeRaw })
  for (const { id, second, content = 'x', mood } of rows)
    encoder.append({ id, changed: new Date(second * 1000).toISOString(), body: { content }, tags: [], mood })
  const generation =
    rows[0]?.generation === undefined ? {} : { generation: { id: rows[0].generation, pages: 1, previous: null } }
  const name = `test.${job.table.name}`
  const counts = await lake.commit({ batches: [{ job: name, partition: 'p', batch: encoder.finish(), ...generation }] })
  return counts.get(name)
}

describe.each(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const)('a column that was added later, %s', (scdType) => {
  const old = jobOf(notes, scdType)
  const now = jobOf(later.notes, scdType)
  const moods = () => lake.rows<{ id: string; mood: string | null }>('SELECT id, mood FROM test.notes ORDER BY ALL')

  it('stays empty in a sync, without versions; --full fills it in place and counts that apart', async () => {
    await lake.open([old])
    await put(old, { id: 'a', second: 1 }, { id: 'b', second: 1 })
    await lake.open([now])
    expect(await put(now, { id: 'a', second: 1, mood: 'good' })).toEqual(changes({}))
    expect(await moods()).toEqual([
      { id: 'a', mood: null },
      { id: 'b', mood: null },
    ])
    await lake.open([now], { full: true })
    expect(await put(now, { id: 'a', second: 1, mood: 'good' }, { id: 'b', second: 1 })).toEqual(
      changes({ refilled: 1 }),
    )
    expect(await put(now, { id: 'a', second: 1, mood: 'good' }, { id: 'b', second: 1 })).toEqual(changes({}))
    expect(await moods()).toEqual([
      { id: 'a', mood: 'good' },
      { id: 'b', mood: null },
    ])
  })

  it('is filled when the row next changes', async () => {
    await lake.open([old])
    await put(old, { id: 'a', second: 1 })
    await lake.open([now])
    const { inserted, updated } = (await put(now, { id: 'a', second: 2, mood: 'good' }))!
    expect(inserted + updated).toBe(1)
    expect((await moods()).filter(({ mood }) => mood === 'good')).toHaveLength(1)
  })

  it('comes with what include_raw keeps, of rows that changed in the same unit too', async () => {
    await lake.open([now])
    await put(now, { id: 'a', second: 1 }, { id: 'b', second: 1 })
    await lake.open([raw(now)], { full: true })
    const counts = await put(raw(now), { id: 'a', second: 1 }, { id: 'b', second: 2 })
    expect(counts?.refilled).toBe(1)
    const [a] = await lake.rows<{ _raw: string }>(`SELECT _raw FROM test.notes WHERE id = 'a'`)
    expect(JSON.parse(a!._raw)).toMatchObject({ id: 'a' })
    // Without include_raw the column stays as it is.
    await lake.open([now], { full: true })
    expect(await put(now, { id: 'a', second: 1 })).toEqual(changes({}))
    expect(await lake.rows(`SELECT _raw IS NULL AS lost FROM test.notes WHERE id = 'a'`)).toEqual([{ lost: false }])
  })
})

it('a history of a listed table is filled where it is open; what was before stays as it was known', async () => {
  const old = jobOf(labels, 'SCD_TYPE_2')
  const now = jobOf(later.labels, 'SCD_TYPE_2')
  await lake.open([old])
  for (const [generation, content] of [
    [100, 'x'],
    [200, 'y'],
    [300, 'x'],
  ] as const)
    await put(old, { id: 'a', second: 1, content, generation })
  await lake.open([now], { full: true })
  expect(await put(now, { id: 'a', second: 1, content: 'x', mood: 'good', generation: 400 })).toEqual(
    changes({ refilled: 1 }),
  )
  expect(await lake.rows('SELECT mood FROM test.labels ORDER BY __START_AT')).toEqual([
    { mood: null },
    { mood: null },
    { mood: 'good' },
  ])
})

describe('a declaration that changed otherwise', () => {
  const incompatible = { code: 'PARLEY_TARGET_INCOMPATIBLE' }
  const fields = notes.schema.fields
  const open = (schema: SyncJob['table']['schema']) => lake.open([jobOf({ ...notes, schema })])
  beforeEach(() => lake.open([jobOf(notes)]))

  it('in a type is refused', async () => {
    await expect(open(struct({ ...fields, changed: text() }))).rejects.toMatchObject(incompatible)
    await expect(open(struct({ ...fields, body: struct({ content: int32() }) }))).rejects.toMatchObject(incompatible)
    await expect(open(struct({ ...fields, changed: timestamp() }))).resolves.toBeDefined()
  })

  it('by a column less is refused: every row would have another hash; nothing is changed', async () => {
    const { tags, ...fewer } = fields
    await expect(open(struct({ ...fewer, tags2: tags }))).rejects.toMatchObject(incompatible)
    expect(
      await lake.rows(`SELECT column_name FROM duckdb_columns() WHERE table_name = 'notes' AND column_name = 'tags2'`),
    ).toEqual([])
  })

  it('leaves columns alone that someone else added', async () => {
    await lake.run('ALTER TABLE test.notes ADD COLUMN remark VARCHAR')
    await open(notes.schema)
    expect(await put(jobOf(notes), { id: 'a', second: 1 })).toEqual(changes({ inserted: 1 }))
    expect(await lake.rows('SELECT remark, tags FROM test.notes')).toEqual([{ remark: null, tags: [] }])
  })

  it('does not add a column again that was dropped: it would stay empty, since no row has changed', async () => {
    await lake.run('ALTER TABLE test.notes DROP COLUMN tags')
    await expect(open(notes.schema)).rejects.toMatchObject({ ...incompatible, details: { column: 'tags' } })
    const other = { ...prod, name: 'other' }
    await expect(lake.destination.open(other, [jobOf(notes)])).rejects.toMatchObject(incompatible)
    await expect(open(notes.schema)).rejects.toMatchObject(incompatible)
    await lake.run('ALTER TABLE test.notes RENAME TO old_notes')
    await open(notes.schema)
    expect(await put(jobOf(notes), { id: 'a', second: 1 })).toEqual(changes({ inserted: 1 }))
  })

  it('does not take a table over that is not Parley’s, or is kept in another way', async () => {
    await lake.run('CREATE TABLE test.labels (id VARCHAR); INSERT INTO test.labels VALUES (1)')
    await expect(lake.open([jobOf(labels)])).rejects.toMatchObject(incompatible)
    await lake.run('DELETE FROM parley.jobs')
    await expect(lake.open([jobOf(notes, 'SCD_TYPE_2')])).rejects.toMatchObject(incompatible)
  })
})
