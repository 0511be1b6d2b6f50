import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, jobOf, labels, type Note, notes } from '../../support/jobs.ts'
import { changes, Lake, note, prod } from './lake.ts'

let lake: Lake
const open = () => lake.open([jobOf(notes), jobOf(labels)])
beforeEach(async () => {
  lake = new Lake()
  await open()
})
afterEach(() => lake.remove())

const batch = (...list: Note[]) => ({ job: 'test.notes', partition: 'p', batch: batchOf(notes, list) })
const put = async (...list: Note[]) => (await lake.commit({ batches: [batch(...list)] })).get('test.notes')
const held = () =>
  lake.rows(
    'SELECT id, epoch_ms(changed)::INTEGER / 1000 AS second, body.content AS content, tags FROM test.notes ORDER BY id',
  )

describe('rows', () => {
  it('keep their nested values, nulls and times', async () => {
    await put(note('a', 1, 'long enough to leave the inlined form of a text'), note('b', null, 'é 🎉'))
    expect(await held()).toEqual([
      {
        id: 'a',
        second: 1,
        content: 'long enough to leave the inlined form of a text',
        tags: ['long enough to leave the inlined form of a text', null, 'x'],
      },
      { id: 'b', second: null, content: 'é 🎉', tags: ['é 🎉', null, 'x'] },
    ])
  })

  it('change as decide says: later wins, earlier is late, the same is nothing', async () => {
    expect(await put(note('a', 5, 'one'))).toEqual(changes({ inserted: 1 }))
    expect(await put(note('a', 5, 'one'))).toEqual(changes({}))
    expect(await put(note('a', 4, 'older'))).toEqual(changes({}))
    expect(await put(note('a', 6, 'newer'), note('b', 1, 'other'))).toEqual(changes({ inserted: 1, updated: 1 }))
    expect(await put(note('a', 6, 'same time'))).toEqual(changes({ updated: 1 }))
    expect(await held()).toMatchObject([{ content: 'same time' }, { content: 'other' }])
  })

  it('are all or nothing with their cursors', async () => {
    const cursors = [{ job: 'test.notes', partition: 'p', cursor: { v: 1, t: 7 } }]
    const batches = [batch(note('a', 1, 'x'))]
    await expect(lake.commit({ batches, cursors, coverage: [{ job: 'test.notes' } as never] })).rejects.toMatchObject({
      code: 'PARLEY_WRITE_FAILED',
    })
    expect(await held()).toEqual([])
    await lake.commit({ batches, cursors })
    lake.close()
    const state = await open()
    expect(state.cursors.get('test.notes')?.get('p')).toEqual({ v: 1, t: 7 })
    expect(await held()).toHaveLength(1)
  })

  it('of another connection do not mix their state', async () => {
    await lake.commit({ cursors: [{ job: 'test.notes', partition: 'p', cursor: { v: 1, t: 7 } }] })
    expect((await lake.destination.open({ ...prod, name: 'other' }, [jobOf(notes)])).cursors.size).toBe(0)
  })

  it('that another program doubled end the unit instead of the count', async () => {
    await put(note('a', 1, 'x'))
    await lake.run('INSERT INTO test.notes FROM test.notes')
    await expect(put(note('a', 2, 'y'))).rejects.toMatchObject({ code: 'PARLEY_APPLY_COUNT' })
    expect(await held()).toMatchObject([{ content: 'x' }, { content: 'x' }])
  })

  it('without a usable key are kept aside, once each', async () => {
    const row = { job: 'test.notes', table: 'notes', partition: 'p', code: 'key_missing', message: 'no id' }
    const quarantined = [{ ...row, row: '{"x":"\\u0000"}' }]
    await lake.commit({ quarantined })
    await lake.commit({ quarantined })
    expect(await lake.rows('SELECT "row", code FROM parley.quarantine')).toEqual([
      { row: '{"x":"\\u0000"}', code: 'key_missing' },
    ])
  })
})

describe('a target', () => {
  const changed = { code: 'PARLEY_JOB_CHANGED' }

  it('keeps its connection’s account, its table, key and way of keeping rows', async () => {
    await expect(lake.destination.open({ ...prod, account: 'other' }, [])).rejects.toMatchObject({
      code: 'PARLEY_CONNECTION_CHANGED',
    })
    const other = { ...jobOf(labels), destination: { schema: 'test', table: 'notes' } }
    await expect(lake.open([other])).rejects.toMatchObject(changed)
    await expect(lake.open([{ ...jobOf(notes), primaryKeys: ['changed'] }])).rejects.toMatchObject(changed)
    await expect(lake.open([jobOf(notes, 'SCD_TYPE_2')])).rejects.toMatchObject(changed)
    await expect(lake.open([jobOf(notes, 'APPEND_ONLY')])).rejects.toMatchObject(changed)
    await expect(
      lake.destination.open({ ...prod, name: 'second' }, [jobOf(notes, 'APPEND_ONLY')]),
    ).rejects.toMatchObject(changed)
  })

  it('that is a history keeps its order; the latest state may be told by another column', async () => {
    const history = { ...jobOf(notes, 'SCD_TYPE_2'), destination: { schema: 'test', table: 'history' } }
    await lake.open([history])
    await expect(lake.open([{ ...history, sequenceBy: null }])).rejects.toMatchObject(changed)
    await lake.open([history])
    await lake.open([{ ...jobOf(notes), sequenceBy: null }])
  })

  it('finds its table in any letters, and rows whose key is partly null', async () => {
    const loud = { ...jobOf(notes), destination: { schema: 'TEST', table: 'Loud' }, primaryKeys: ['id', 'changed'] }
    await lake.open([loud])
    await lake.open([{ ...loud, destination: { schema: 'test', table: 'loud' } }])
    const rows = { job: 'test.loud', partition: 'p', batch: batchOf(notes, [note('a', null, 'x')]) }
    for (let round = 0; round < 2; round++) await lake.commit({ batches: [rows] })
    expect(await lake.rows('SELECT id FROM test.loud')).toEqual([{ id: 'a' }])
  })

  it('carries the words of the declaration', async () => {
    expect(await lake.rows(`SELECT comment FROM duckdb_tables() WHERE table_name = 'notes'`)).toEqual([
      { comment: 'Notes.' },
    ])
  })
})
