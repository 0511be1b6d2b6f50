import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import { readStatus } from '../../../pipeline/destinations/duckdb/status.ts'
import { decide, fold } from '../../../pipeline/sync/decide.ts'
import { emptyUnit, type UnitPart } from '../../../pipeline/sync/unit.ts'
import { batchOf, jobOf, labels, type Note, notes } from '../../support/jobs.ts'

let folder: string
let database: Database
let destination: DuckDbDestination
const sleep = async () => {}
const prod = { name: 'prod', source: 'notes', account: 'acme' }
const unit = (part: UnitPart) => ({ ...emptyUnit(), ...part })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-duckdb-'))
  await open()
})
afterEach(async () => {
  await destination.close()
  rmSync(folder, { recursive: true })
})

async function open() {
  database = await openDatabase(join(folder, 'lake.duckdb'), { sleep })
  destination = new DuckDbDestination(database)
  return destination.open(prod, [jobOf(notes), jobOf(labels)])
}

async function rows(sql: string): Promise<unknown[]> {
  return (await database.connection.runAndReadAll(sql)).getRowObjectsJson()
}

const note = (id: string, second: number | null, content: string): Note => ({
  id,
  changed: second === null ? null : new Date(second * 1000).toISOString(),
  content,
})
const put = (...list: Note[]) =>
  destination.commit(unit({ batches: [{ job: 'test.notes', partition: 'p', batch: batchOf(notes, list) }] }))
const held = () =>
  rows(
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
    const counts = async (...list: Note[]) => (await put(...list)).get('test.notes')
    expect(await counts(note('a', 5, 'one'))).toEqual({ inserted: 1, updated: 0, deleted: 0 })
    expect(await counts(note('a', 5, 'one'))).toEqual({ inserted: 0, updated: 0, deleted: 0 })
    expect(await counts(note('a', 4, 'older'))).toEqual({ inserted: 0, updated: 0, deleted: 0 })
    expect(await counts(note('a', 6, 'newer'), note('b', 1, 'other'))).toEqual({ inserted: 1, updated: 1, deleted: 0 })
    expect(await counts(note('a', 6, 'same time'))).toEqual({ inserted: 0, updated: 1, deleted: 0 })
    expect(await held()).toMatchObject([{ content: 'same time' }, { content: 'other' }])
  })

  it('end where fold and decide say, in any units', async () => {
    const arbitrary = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      second: fc.option(fc.integer({ min: 1, max: 4 })),
      content: fc.constantFrom('x', 'y', 'z'),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(arbitrary, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 }),
        async (units) => {
          await database.connection.run('DELETE FROM test.notes')
          const model = new Map<string, (typeof units)[number][number]>()
          for (const list of units) {
            await put(...list.map(({ id, second, content }) => note(id, second, content)))
            for (const id of new Set(list.map((row) => row.id))) {
              const versions = list
                .filter((row) => row.id === id)
                .map((row) => ({ sequence: row.second, content: `${row.second} ${row.content}`, row }))
              const winner = fold(versions)!
              const before = model.get(id)
              const open =
                before === undefined ? null : { sequence: before.second, content: `${before.second} ${before.content}` }
              if (['insert', 'update', 'replace'].includes(decide(open, winner))) model.set(id, winner.row)
            }
          }
          const expected = [...model.values()].sort((x, y) => (x.id < y.id ? -1 : 1))
          expect(await held()).toMatchObject(expected.map(({ id, second, content }) => ({ id, second, content })))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are all or nothing with their cursors', async () => {
    const cursors = [{ job: 'test.notes', partition: 'p', cursor: { v: 1, t: 7 } }]
    const batch = { job: 'test.notes', partition: 'p', batch: batchOf(notes, [note('a', 1, 'x')]) }
    const broken = unit({ batches: [batch], cursors, coverage: [{ job: 'test.notes' } as never] })
    await expect(destination.commit(broken)).rejects.toThrow()
    expect(await held()).toEqual([])
    await destination.commit(unit({ batches: [batch], cursors }))
    await destination.close()
    const state = await open()
    expect(state.cursors.get('test.notes')?.get('p')).toEqual({ v: 1, t: 7 })
    expect(await held()).toHaveLength(1)
  })

  it('of another connection do not mix their state', async () => {
    await destination.commit(unit({ cursors: [{ job: 'test.notes', partition: 'p', cursor: { v: 1, t: 7 } }] }))
    expect((await destination.open({ ...prod, name: 'other' }, [jobOf(notes)])).cursors.size).toBe(0)
  })
})

describe('snapshots', () => {
  const list = (
    partition: string,
    id: number,
    ids: string[],
    part: { pages?: number; previous?: number; whole?: boolean; parts?: string[] } = {},
  ) => {
    const generation = { id, pages: part.pages ?? 1, previous: part.previous ?? null }
    const batch = batchOf(
      labels,
      ids.map((label) => note(label, 1, `label ${label}`)),
    )
    const listed = part.whole === false ? [] : [{ job: 'test.labels', partition, generation, parts: part.parts ?? [] }]
    return destination.commit(unit({ batches: [{ job: 'test.labels', partition, batch, generation }], listed }))
  }
  const ids = async () =>
    ((await rows('SELECT id FROM test.labels ORDER BY id')) as { id: string }[]).map(({ id }) => id)

  it('of one page lose what the next listing lacks', async () => {
    await list('p', 100, ['a', 'b', 'c'])
    expect((await list('p', 200, ['a', 'c'])).get('test.labels')).toEqual({ inserted: 0, updated: 0, deleted: 1 })
    expect(await ids()).toEqual(['a', 'c'])
  })

  it('of several pages lose a row only when two whole listings lack it', async () => {
    await list('p', 100, ['a', 'b', 'c'], { pages: 2 })
    await list('p', 200, ['a', 'c'], { pages: 2, previous: 100 })
    expect(await ids()).toEqual(['a', 'b', 'c'])
    await list('p', 300, ['a', 'c'], { pages: 2, previous: 200 })
    expect(await ids()).toEqual(['a', 'c'])
  })

  it('keep everything while a listing is not whole', async () => {
    await list('p', 100, ['a', 'b'])
    await list('p', 200, ['a'], { whole: false })
    expect(await ids()).toEqual(['a', 'b'])
  })

  it('of a whole take over what its parts showed', async () => {
    await list('p/a', 100, ['a'])
    await list('p/b', 100, ['b'])
    await list('p', 200, ['a', 'c'], { parts: ['p/a', 'p/b'] })
    expect(await ids()).toEqual(['a', 'c'])
    await list('p', 300, ['c'], { parts: ['p/a', 'p/b'] })
    expect(await ids()).toEqual(['c'])
  })

  it('keep a row that another partition still shows, and drop what only a gone partition showed', async () => {
    await list('p', 100, ['a', 'shared'])
    await list('q', 100, ['b', 'shared'])
    await list('p', 200, ['a'])
    expect(await ids()).toEqual(['a', 'b', 'shared'])
    await destination.commit(unit({ gone: [{ job: 'test.labels', partition: 'q', parts: [] }] }))
    expect(await ids()).toEqual(['a'])
  })
})

describe('a destination', () => {
  it('keeps one account to a connection, and one table and key to a target', async () => {
    await expect(destination.open({ ...prod, account: 'other' }, [])).rejects.toMatchObject({
      code: 'PARLEY_CONNECTION_CHANGED',
    })
    const other = { ...jobOf(labels), destination: { schema: 'test', table: 'notes' } }
    await expect(destination.open(prod, [other])).rejects.toMatchObject({ code: 'PARLEY_JOB_CHANGED' })
    const byOther = { ...jobOf(notes), primaryKeys: ['changed'] }
    await expect(destination.open(prod, [byOther])).rejects.toMatchObject({ code: 'PARLEY_JOB_CHANGED' })
  })

  it('finds its table in any letters, and rows whose key is partly null', async () => {
    const loud = { ...jobOf(notes), destination: { schema: 'TEST', table: 'Loud' }, primaryKeys: ['id', 'changed'] }
    await destination.open(prod, [loud])
    await destination.open(prod, [{ ...loud, destination: { schema: 'test', table: 'loud' } }])
    const batch = { job: 'test.loud', partition: 'p', batch: batchOf(notes, [note('a', null, 'x')]) }
    for (let round = 0; round < 2; round++) await destination.commit(unit({ batches: [batch] }))
    expect(await rows('SELECT id FROM test.loud')).toEqual([{ id: 'a' }])
  })
})

describe('the file', () => {
  it('keeps rows that could not be stored, once each', async () => {
    const row = {
      job: 'test.notes',
      table: 'notes',
      partition: 'p',
      code: 'key_missing',
      message: 'no id',
      row: '{"x":"\\u0000"}',
    }
    await destination.commit(unit({ quarantined: [row] }))
    await destination.commit(unit({ quarantined: [row] }))
    expect(await rows('SELECT "row", code FROM parley.quarantine')).toEqual([{ row: row.row, code: row.code }])
  })

  it('gets a column that a table lacks, and refuses another type', async () => {
    await database.connection.run('ALTER TABLE test.notes DROP COLUMN tags')
    await destination.open(prod, [jobOf(notes)])
    await put(note('a', 1, 'x'))
    expect(await held()).toMatchObject([{ tags: ['x', null, 'x'] }])
    await database.connection.run('ALTER TABLE test.notes ALTER id TYPE INTEGER USING 1')
    await expect(destination.open(prod, [jobOf(notes)])).rejects.toMatchObject({ code: 'PARLEY_TARGET_INCOMPATIBLE' })
  })

  it('refuses state of a newer release', async () => {
    await database.connection.run('INSERT INTO parley.schema_version VALUES (999, now())')
    await expect(destination.open(prod, [])).rejects.toMatchObject({ code: 'PARLEY_STATE_NEWER' })
  })

  it('tells its status', async () => {
    const coverage = {
      job: 'test.notes',
      partition: 'p',
      params: '{}',
      state: 'refused' as const,
      synced_until: 1000,
      code: 'C',
      message: 'm',
      missing_since: null,
      run_id: 'r',
    }
    await destination.saveRun({
      run_id: 'r',
      source: 's',
      status: 'partial',
      started_at: 1000,
      completed_at: 2000,
      result: null,
    })
    await destination.commit(unit({ coverage: [coverage] }))
    await destination.close()
    const status = await readStatus(join(folder, 'lake.duckdb'))
    await open()
    expect(status.runs).toMatchObject([{ run_id: 'r', status: 'partial', started_at: '1970-01-01T00:00:01.000Z' }])
    expect(status.coverage).toMatchObject([{ table: 'test.notes', refused: 1, ok: 0 }])
    expect(status.problems).toMatchObject([{ partition: 'p', code: 'C' }])
  })

  it('tells what ended a run, and that a run was killed', async () => {
    const run = { source: 's', started_at: 1000, completed_at: 2000 }
    const errors = [
      { partition: 'p', code: 'A' },
      { partition: null, code: 'B', message: 'the token', at: '' },
    ]
    await destination.saveRun({ ...run, run_id: 'a', status: 'failed', result: JSON.stringify({ errors }) })
    await destination.saveRun({ ...run, run_id: 'b', status: 'running', completed_at: null, result: null })
    await destination.open(prod, [])
    await destination.close()
    const { runs } = await readStatus(join(folder, 'lake.duckdb'))
    await open()
    const byId = Object.fromEntries(runs.map(({ run_id, status, error }) => [run_id, { status, error }]))
    expect(byId.a).toEqual({ status: 'failed', error: { code: 'B', message: 'the token' } })
    expect(byId.b).toEqual({ status: 'killed', error: null })
  })

  it('carries the words of the declaration', async () => {
    expect(await rows(`SELECT comment FROM duckdb_tables() WHERE table_name = 'notes'`)).toEqual([
      { comment: 'Notes.' },
    ])
  })

  it('that is none, or cannot be one, is a coded error', async () => {
    await expect(openDatabase(join(folder, 'none.duckdb'), { sleep, readOnly: true })).rejects.toMatchObject({
      code: 'PARLEY_DESTINATION_UNAVAILABLE',
    })
    await expect(openDatabase(folder, { sleep })).rejects.toMatchObject({ code: 'PARLEY_DESTINATION_UNAVAILABLE' })
  })
})
