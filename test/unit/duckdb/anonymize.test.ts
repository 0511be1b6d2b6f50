import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import { exportState, parseStateFile, writeStateFile } from '../../../pipeline/destinations/duckdb/state_file.ts'
import { readHeldState } from '../../../pipeline/destinations/duckdb/state_held.ts'
import { importState } from '../../../pipeline/destinations/duckdb/state_import.ts'
import { batchOf, jobOf, notes } from '../../support/jobs.ts'
import { Lake, note, prod } from './lake.ts'
import { RELEASE_0_1_0 } from './release_0_1_0.ts'

const jobs = [jobOf(notes)]
const [one, other] = ['1111111111111111', '2222222222222222']
const refused = { code: 'PARLEY_ANONYMIZE_CHANGED', kind: 'configuration' }

let lake: Lake
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

async function open(anonymization: string | null, name = prod.name) {
  lake.destination = new DuckDbDestination(await lake.connect())
  return lake.destination.open({ ...prod, name, anonymization }, jobs)
}
const put = () =>
  lake.commit({ batches: [{ job: 'test.notes', partition: 'p', batch: batchOf(notes, [note('a', 1, 'x')]) }] })
const held = () => lake.rows('SELECT connection, anonymization FROM parley.connections ORDER BY ALL')

describe('what a connection’s rows are anonymized with', () => {
  it.each([
    ['is no key any more', one, null],
    ['is another key', one, other],
    ['was none', null, one],
  ])('%s: refused with a code, and nothing is changed', async (_, before, after) => {
    await open(before)
    await put()
    await open(before)
    await expect(open(after)).rejects.toMatchObject({
      ...refused,
      details: { connection: 'prod', held: before, given: after },
    })
    expect(await held()).toEqual([{ connection: 'prod', anonymization: before }])
    await open(before)
  })

  it('may change while there are no rows, and after the tables were dropped', async () => {
    await open(null)
    await open(one)
    await put()
    await lake.run('DELETE FROM parley.cursors')
    await expect(open(other)).rejects.toMatchObject(refused)
    await lake.run('DROP TABLE test.notes')
    await open(other)
    expect(await held()).toEqual([{ connection: 'prod', anonymization: other }])
  })

  it('counts rows that were kept aside', async () => {
    await open(null)
    const row = { table: 'notes', job: 'test.notes', partition: 'p', code: 'key_missing', message: '', row: '{}' }
    await lake.commit({ quarantined: [row] })
    await expect(open(one)).rejects.toMatchObject(refused)
  })

  it('is each connection’s own', async () => {
    await open(one)
    await put()
    await open(null, 'second')
    expect(await held()).toEqual([
      { connection: 'prod', anonymization: one },
      { connection: 'second', anonymization: null },
    ])
  })

  it('was nothing in a file of release 0.1.0, which opens', async () => {
    await lake.run(RELEASE_0_1_0)
    await expect(open(one)).rejects.toMatchObject(refused)
    expect(await lake.rows('SELECT max(version)::INTEGER AS v FROM parley.schema_version')).toEqual([{ v: 1 }])
    await open(null)
    expect(await held()).toEqual([{ connection: 'prod', anonymization: null }])
  })

  it('is looked at without writing, too, also by a file of release 0.1.0', async () => {
    const look = (anonymization: string | null) =>
      readHeldState(
        lake.path,
        { ...prod, anonymization },
        { sleep: async () => {}, signal: AbortSignal.timeout(9_000) },
      )
    await lake.run(RELEASE_0_1_0)
    lake.close()
    await expect(look(null)).resolves.not.toBeNull()
    await expect(look(one)).rejects.toMatchObject(refused)
  })

  it('goes with an exported state', async () => {
    await open(one)
    await put()
    const { connection: db } = await lake.connect()
    const file = await exportState(db, prod, ['test.notes'])
    const text = writeStateFile(file)
    expect(JSON.parse(text).connection).toEqual({ ...prod, anonymization: one })
    await importState(db, parseStateFile(text, 'f', 3), 'f', 'prod')
    await lake.run(`UPDATE parley.connections SET anonymization = '${other}'`)
    await expect(importState(db, parseStateFile(text, 'f', 3), 'f', 'prod')).rejects.toMatchObject(refused)
    await lake.run('UPDATE parley.connections SET anonymization = NULL')
    expect((await exportState(db, prod, [])).connection).toEqual(prod)
  })
})
