import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import { batchOf, jobOf, labels, notes } from '../../support/jobs.ts'
import { changes, Lake, note, prod } from './lake.ts'
import { RELEASE_0_1_0 } from './release_0_1_0.ts'

let lake: Lake
const jobs = [jobOf(notes), jobOf(labels)]
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

/** Everything a file holds, as text. */
async function dump(): Promise<string> {
  const tables = await lake.rows<{ name: string }>(
    `SELECT schema_name || '."' || table_name || '"' AS name FROM duckdb_tables() WHERE NOT temporary ORDER BY ALL`,
  )
  const parts: unknown[] = [tables]
  for (const { name } of tables)
    parts.push(await lake.rows(`DESCRIBE ${name}`), await lake.rows(`FROM ${name} ORDER BY ALL`))
  return JSON.stringify(parts)
}

describe('a file of release 0.1.0', () => {
  beforeEach(() => lake.run(RELEASE_0_1_0))

  it('opens with its cursors and coverage, and is brought up to date', async () => {
    const state = await lake.open(jobs)
    expect(state.cursors.get('test.notes')).toEqual(new Map([['p', { v: 1, t: 7 }]]))
    expect(state.coverage.get('test.notes')?.get('p')).toMatchObject({ state: 'ok', synced_until: 7 })
    expect(state.coverage.get('test.notes')?.get('q')).toMatchObject({
      state: 'refused',
      code: 'PARLEY_PERMISSION_MISSING',
      missing_since: 8,
    })
    expect(await lake.rows('SELECT version FROM parley.schema_version ORDER BY 1')).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
    ])
    expect(await lake.rows(`SELECT status FROM parley.runs ORDER BY run_id`)).toEqual([
      { status: 'ok' },
      { status: 'killed' },
    ])
    lake.close()
    await lake.open(jobs)
    expect(await lake.rows('SELECT count(*)::INTEGER AS n FROM parley.schema_version')).toEqual([{ n: 3 }])
  })

  it('is synced on: what is equal changes nothing, what is new or gone does', async () => {
    await lake.open(jobs)
    const batch = batchOf(notes, [note('a', 5, 'x'), note('b', 6, 'newer'), note('e', 1, 'x')])
    const counts = await lake.commit({ batches: [{ job: 'test.notes', partition: 'p', batch }] })
    expect(counts.get('test.notes')).toEqual(changes({ inserted: 1, updated: 1 }))
    const generation = { id: 200, pages: 1, previous: 100 }
    const listing = { job: 'test.labels', partition: 'p', generation }
    const listed = await lake.commit({
      batches: [{ ...listing, batch: batchOf(labels, [note('c', 5, 'x')]) }],
      listed: [{ ...listing, parts: [] }],
    })
    expect(listed.get('test.labels')).toEqual(changes({ deleted: 1 }))
    expect(await lake.rows('SELECT id FROM test.labels')).toEqual([{ id: 'c' }])
  })

  it('keeps its SCD_TYPE_1 tables as such, and takes new ones of another type', async () => {
    await expect(lake.open([jobOf(notes, 'SCD_TYPE_2')])).rejects.toMatchObject({ code: 'PARLEY_JOB_CHANGED' })
    expect(await lake.rows('SELECT version FROM parley.schema_version')).toEqual([{ version: 1 }])
    const history = { ...jobOf(notes, 'SCD_TYPE_2'), destination: { schema: 'test', table: 'history' } }
    await lake.open([...jobs, history])
    expect(await lake.rows(`SELECT sequence_by FROM parley.jobs ORDER BY job`)).toEqual([
      { sequence_by: 'changed' },
      { sequence_by: null },
      { sequence_by: null },
    ])
  })
})

describe('a state that cannot be used', () => {
  const corrupt: [string, string, RegExp][] = [
    ['lacks a column', 'ALTER TABLE parley.coverage DROP COLUMN missing_since', /coverage has no column missing_since/],
    ['lacks a table', 'DROP TABLE parley.snapshot_seen', /snapshot_seen has no column/],
    [
      'has a column of another type',
      'ALTER TABLE parley.snapshot_seen ALTER generation TYPE VARCHAR',
      /generation of .*VARCHAR/,
    ],
    [
      'has a cursor that is no JSON',
      `UPDATE parley.cursors SET cursor = '{"v":1'`,
      /cursor of test.notes, partition p/,
    ],
    [
      'has a cursor without a version',
      `UPDATE parley.cursors SET cursor = '{"t":1}'`,
      /cursor of test.notes, partition p/,
    ],
    ['has coverage of nobody knows what', `UPDATE parley.coverage SET params = 'p'`, /coverage of test.notes/],
    ['has coverage in an unknown state', `UPDATE parley.coverage SET state = 'lost'`, /state lost/],
    ['has no version', 'DELETE FROM parley.schema_version', /schema_version has none/],
    ['has a version that no release wrote', 'UPDATE parley.schema_version SET version = 0', /says 0/],
    ['does not say what a hash covers', `UPDATE parley.jobs SET hashed_columns = '{}'`, /hashed_columns of test.notes/],
  ]
  it.each(corrupt)('because it %s: a code that says so, and nothing is written', async (_, damage, message) => {
    await lake.open([jobOf(notes)])
    await lake.commit({
      batches: [{ job: 'test.notes', partition: 'p', batch: batchOf(notes, [note('a', 1, 'x')]) }],
      cursors: [{ job: 'test.notes', partition: 'p', cursor: { v: 1, t: 7 } }],
      coverage: [
        {
          job: 'test.notes',
          partition: 'p',
          params: '{"id":"p"}',
          state: 'ok',
          synced_until: 7,
          code: null,
          message: null,
          missing_since: null,
          run_id: 'r',
        },
      ],
    })
    await lake.destination.saveRun({
      run_id: 'r',
      source: 's',
      status: 'running',
      started_at: 1,
      completed_at: null,
      result: null,
    })
    await lake.run(damage)
    const before = await dump()
    await expect(lake.open(jobs)).rejects.toMatchObject({
      code: 'PARLEY_STATE_CORRUPT',
      message: expect.stringMatching(message),
    })
    expect(await dump()).toBe(before)
  })

  it('because a newer release wrote it: refused before anything is created', async () => {
    await lake.run(
      'CREATE SCHEMA parley; CREATE TABLE parley.schema_version (version INTEGER, written TIMESTAMPTZ); INSERT INTO parley.schema_version VALUES (999, now())',
    )
    const before = await dump()
    await expect(lake.open(jobs)).rejects.toMatchObject({ code: 'PARLEY_STATE_NEWER' })
    expect(await dump()).toBe(before)
  })

  it('is not one that a killed process only began to create', async () => {
    await lake.open([])
    await lake.run('DELETE FROM parley.schema_version; DELETE FROM parley.connections; DROP TABLE parley.runs')
    expect((await lake.open(jobs)).cursors.size).toBe(0)
    expect(await lake.rows('SELECT version FROM parley.schema_version')).toEqual([{ version: 3 }])
  })

  it('is not one that a killed process of release 0.1.0 only began to create', async () => {
    await lake.run(RELEASE_0_1_0)
    const filled = ['schema_version', 'connections', 'jobs', 'cursors', 'coverage', 'snapshot_seen', 'quarantine']
    await lake.run(filled.map((table) => `DELETE FROM parley.${table}`).join(';'))
    await lake.run('DROP TABLE parley.runs; DROP SCHEMA test CASCADE')
    await lake.open(jobs)
    expect(await lake.rows('SELECT version FROM parley.schema_version')).toEqual([{ version: 3 }])
    const batch = batchOf(notes, [note('a', 5, 'x')])
    await lake.commit({ batches: [{ job: 'test.notes', partition: 'p', batch }] })
    lake.close()
    await lake.open(jobs)
  })
})

describe('a file', () => {
  it.each([
    ['that is text', 'not a database\n'.repeat(500)],
    ['that is empty', ''],
  ])('%s is refused and left as it is', async (_, content) => {
    const file = join(lake.folder, 'some.duckdb')
    writeFileSync(file, content)
    await expect(openDatabase(file, { sleep: async () => {} })).rejects.toMatchObject({
      code: 'PARLEY_DESTINATION_UNAVAILABLE',
    })
    expect(readFileSync(file, 'utf8')).toBe(content)
  })

  it('that is none, or cannot be one, is a coded error', async () => {
    const sleep = async () => {}
    const none = openDatabase(join(lake.folder, 'none.duckdb'), { sleep, readOnly: true })
    await expect(none).rejects.toMatchObject({ code: 'PARLEY_DESTINATION_UNAVAILABLE' })
    await expect(openDatabase(lake.folder, { sleep })).rejects.toMatchObject({ code: 'PARLEY_DESTINATION_UNAVAILABLE' })
  })

  it('that is called like a schema in it is refused, whose tables DuckDB could not tell from the file', async () => {
    const open = (name: string) => openDatabase(join(lake.folder, name), { sleep: async () => {} })
    const code = 'PARLEY_FILE_NAME'
    await expect(open('Parley.duckdb')).rejects.toMatchObject({ code, details: { schema: 'parley' } })
    const database = await open('TEST.duckdb')
    const jobs = [jobOf(notes)]
    await expect(new DuckDbDestination(database).open(prod, jobs)).rejects.toMatchObject({ code })
    const elsewhere = { ...jobs[0]!, destination: { schema: 'other', table: 'notes' } }
    await expect(new DuckDbDestination(database).open(prod, [elsewhere])).resolves.toBeDefined()
    database.close()
  })
})
