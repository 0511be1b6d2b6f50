import { afterEach, beforeEach, expect, it } from 'vitest'
import { replayQuarantine } from '../../../pipeline/destinations/duckdb/quarantine_replay.ts'
import { jobOf, labels, notes } from '../../support/jobs.ts'
import { Lake, prod } from './lake.ts'

let lake: Lake
const jobs = [jobOf(notes), jobOf(labels)]
const cursor = { v: 1, t: 7 }
const coverage = (job: string) => ({
  job,
  partition: 'p',
  params: '{"id":"p"}',
  state: 'ok' as const,
  synced_until: 7,
  code: null,
  message: null,
  missing_since: null,
  run_id: 'r',
})
beforeEach(async () => {
  lake = new Lake()
  await lake.open(jobs)
  for (const job of ['test.notes', 'test.labels'])
    await lake.commit({ cursors: [{ job, partition: 'p', cursor }], coverage: [coverage(job)] })
})
afterEach(() => lake.remove())

it.each(['ALTER TABLE test.notes RENAME TO old_notes', 'DROP TABLE test.notes'])(
  'after %s the table begins anew, and only that one',
  async (sql) => {
    await lake.run(sql)
    const state = await lake.open(jobs)
    expect(state.rebuilt).toEqual(['test.notes'])
    expect([...state.cursors.keys()]).toEqual(['test.labels'])
    expect([...state.coverage.keys()]).toEqual(['test.labels'])
    expect((await lake.open(jobs)).rebuilt).toEqual([])
  },
)

it('for every connection that filled it, and in another way where the spec wants that', async () => {
  await lake.destination.open({ ...prod, name: 'other' }, jobs)
  await lake.commit({ cursors: [{ job: 'test.notes', partition: 'q', cursor }] })
  await lake.run('DROP TABLE test.notes')
  await lake.open([jobOf(notes, 'SCD_TYPE_2')])
  const state = await lake.destination.open({ ...prod, name: 'other' }, [jobOf(notes, 'SCD_TYPE_2')])
  expect(state.cursors.has('test.notes')).toBe(false)
})

it('in other letters is the same table', async () => {
  await lake.run('ALTER TABLE test.notes RENAME TO n; ALTER TABLE test.n RENAME TO "NOTES"')
  expect((await lake.open(jobs)).rebuilt).toEqual([])
})

it('is made again by a sync, not by a replay of its quarantine', async () => {
  await lake.run('DROP TABLE test.notes')
  lake.close()
  const access = { signal: new AbortController().signal, sleep: async () => {} }
  await expect(replayQuarantine(lake.path, prod, jobs, access)).rejects.toMatchObject({ code: 'PARLEY_TARGET_MISSING' })
  expect((await lake.open(jobs)).rebuilt).toEqual(['test.notes'])
})
