import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStatus } from '../../../pipeline/destinations/duckdb/status.ts'
import { jobOf, notes } from '../../support/jobs.ts'
import { Lake } from './lake.ts'

let lake: Lake
beforeEach(async () => {
  lake = new Lake()
  await lake.open([jobOf(notes)])
})
afterEach(() => lake.remove())

describe('the status of a file', () => {
  it('tells runs and coverage', async () => {
    const coverage = {
      job: 'test.notes',
      partition: 'p',
      params: '{"id":"p"}',
      state: 'refused' as const,
      synced_until: 1000,
      code: 'C',
      message: 'm',
      missing_since: null,
      run_id: 'r',
    }
    await lake.destination.saveRun({
      run_id: 'r',
      source: 's',
      status: 'partial',
      started_at: 1000,
      completed_at: 2000,
      result: null,
    })
    await lake.commit({ coverage: [coverage] })
    lake.close()
    const status = await readStatus(lake.path)
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
    await lake.destination.saveRun({ ...run, run_id: 'a', status: 'failed', result: JSON.stringify({ errors }) })
    await lake.destination.saveRun({ ...run, run_id: 'b', status: 'running', completed_at: null, result: null })
    await lake.open([])
    lake.close()
    const { runs } = await readStatus(lake.path)
    const byId = Object.fromEntries(runs.map(({ run_id, status, error }) => [run_id, { status, error }]))
    expect(byId.a).toEqual({ status: 'failed', error: { code: 'B', message: 'the token' } })
    expect(byId.b).toEqual({ status: 'killed', error: null })
  })

  it('calls nobody running who does not hold the file any more', async () => {
    const run = { run_id: 'c', source: 's', started_at: 1000, completed_at: null, result: null }
    await lake.destination.saveRun({ ...run, status: 'running' })
    lake.close()
    expect((await readStatus(lake.path)).runs).toMatchObject([{ run_id: 'c', status: 'killed', completed_at: null }])
  })
})
