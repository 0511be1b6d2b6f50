import { describe, expect, test } from 'vitest'
import { earlierRuns } from '../../../pipeline/sync/estimate_history.ts'
import { bindingLimit } from '../../../pipeline/sync/estimate_limits.ts'
import type { RunResult } from '../../../pipeline/sync/types.ts'

describe('bindingLimit', () => {
  test('requests of one key add up over feeds; different keys run side by side', () => {
    const loads = [
      { key: 'team/1', rule: 'team', perSecond: 4, requests: 30 },
      { key: 'team/2', rule: 'team', perSecond: 4, requests: 35 },
      { key: 'export', rule: 'export', perSecond: 200, requests: 65 },
      { key: 'team/1', rule: 'team', perSecond: 4, requests: 10 },
    ]
    expect(bindingLimit(loads)).toEqual({ rule: 'team', per_second: 4, requests: 40, seconds: 10 })
  })

  test('a wide tenant is bound by its own limit', () => {
    const teams = Array.from({ length: 1000 }, (_, team) => ({
      key: `team/${team}`,
      rule: 'team',
      perSecond: 4,
      requests: 4,
    }))
    const tenant = { key: 'export', rule: 'export', perSecond: 200, requests: 4000 }
    expect(bindingLimit([...teams, tenant])).toMatchObject({ rule: 'export', seconds: 20 })
  })

  test('nothing without limits', () => expect(bindingLimit([])).toBeNull())
})

function run(requests: number, read: number, tables = ['s.a', 's.b']): RunResult {
  const each = tables.map((destination) => ({ destination, read: read / tables.length }))
  return { requests, seconds: requests / 10, tables: each } as unknown as RunResult
}

describe('earlierRuns', () => {
  test('the largest apart from the usual ones, whatever their order', () => {
    const runs = [run(12, 4), run(10, 2), run(40, 6), run(839, 28_000), run(11, 0)]
    expect(earlierRuns(runs, ['s.b', 's.a'])).toEqual({
      runs: 5,
      largest: { requests: 839, seconds: 83.9, rows: 28_000 },
      usual: { requests: 11, seconds: 1.1 },
    })
  })

  test('runs of other tables do not count', () => {
    expect(earlierRuns([run(5, 1, ['s.a'])], ['s.a', 's.b'])).toBeNull()
    expect(earlierRuns([run(5, 1), run(7, 0, ['s.a'])], ['s.a', 's.b'])).toMatchObject({ runs: 1, usual: null })
  })
})
