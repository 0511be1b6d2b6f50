import { describe, expect, it } from 'vitest'
import { exportCursor } from '../../../sources/microsoft_teams/feeds/export_cursor.ts'
import {
  BEGINNING,
  byTurn,
  MAX_IN_FLIGHT,
  MAX_WINDOWS,
  planRead,
  slots,
} from '../../../sources/microsoft_teams/feeds/export_plan.ts'
import { openWindow } from '../../../sources/microsoft_teams/feeds/export_window.ts'

const DAY = 86_400_000
const NOW = 1_700_000_000_000
const OLD = NOW - DAY
const LOOKBACK = 300_000
const rules = { until: NOW, start: BEGINNING, lookbackMs: LOOKBACK, horizonMs: DAY }
const begun = (a: number, b: number) => ({ ...openWindow(a, b), pages: 2, next: 'link' })

describe('planRead', () => {
  it('begins with the recent window and one of history', () => {
    const first = exportCursor(BEGINNING, NOW, [openWindow(OLD, NOW), openWindow(BEGINNING, OLD)])
    expect(planRead(null, rules, true)).toEqual(first)
    expect(planRead(null, rules, false)).toEqual(first)
    expect(planRead(exportCursor(500, 500), rules, true)).toEqual(first)
    expect(planRead(null, { ...rules, start: NOW - 5000 }, true).todo).toEqual([openWindow(NOW - 5000, NOW)])
    expect(planRead(null, { ...rules, start: NOW }, true).todo).toBeUndefined()
  })

  it('goes back by lookback behind a closed cursor, never before its start, in one window', () => {
    expect(planRead(exportCursor(1, OLD - 7), rules, false)).toEqual(
      exportCursor(1, NOW, [openWindow(OLD - 7 - LOOKBACK, NOW)]),
    )
    expect(planRead(exportCursor(NOW - 9000, NOW - 1000), { ...rules, start: NOW - 9000 }, true).todo).toEqual([
      openWindow(NOW - 9000, NOW),
    ])
  })

  it('has nothing to read at its cursor, nor for a cursor of the future', () => {
    for (const cursor of [exportCursor(1, NOW), exportCursor(1, NOW + DAY)]) {
      expect(planRead(cursor, rules, true)).toEqual(cursor)
    }
  })

  it('reads only what an earlier start_date adds', () => {
    const from = { ...rules, start: 4000 }
    expect(planRead(exportCursor(5000, NOW), from, true)).toEqual(exportCursor(4000, NOW, [openWindow(4000, 5000)]))
    expect(planRead(exportCursor(NOW - 10, NOW), from, true).todo).toEqual([
      openWindow(OLD, NOW - 10),
      openWindow(4000, OLD),
    ])
  })

  it('reads what came since before it goes on, over the end of windows that were begun', () => {
    const open = begun(OLD - 7000, NOW - 1000)
    expect(planRead(exportCursor(1, NOW - 1000, [open, begun(1, 50)]), rules, true)).toEqual(
      exportCursor(1, NOW, [openWindow(NOW - 1000 - LOOKBACK, NOW), open, begun(1, 50)]),
    )
  })

  it('takes what it reads anew out of windows that nobody has begun', () => {
    const t = NOW - 1000
    const todo = [openWindow(t - 100, t), openWindow(t - LOOKBACK - 5, t - 100), openWindow(1, 50)]
    expect(planRead(exportCursor(1, t, todo), rules, true).todo).toEqual([
      openWindow(t - LOOKBACK, NOW),
      openWindow(t - LOOKBACK - 5, t - LOOKBACK),
      openWindow(1, 50),
    ])
  })

  it('first ends what it has begun when a limit ends the read, or the cursor is full', () => {
    const cursor = exportCursor(1, NOW - 1000, [begun(1, 50)])
    expect(planRead(cursor, rules, false)).toEqual(cursor)
    const full = exportCursor(
      1,
      NOW - 1000,
      Array.from({ length: MAX_WINDOWS }, (_, at) => begun(900 - at, 901 - at)),
    )
    expect(planRead(full, rules, true)).toEqual(full)
  })

  it('leaves what lies behind its ceiling to a later read', () => {
    const early = { ...rules, until: 40 }
    expect(planRead(exportCursor(1, 100, [begun(20, 60), openWindow(70, 80)]), early, true)).toEqual(
      exportCursor(1, 100, [openWindow(70, 80), openWindow(40, 60), openWindow(20, 40)]),
    )
  })
})

describe('byTurn', () => {
  it('takes the newest, then what was begun, then from new to old', () => {
    const windows = [openWindow(1, 5), begun(5, 10), openWindow(10, 20), openWindow(20, 30), begun(2, 4)]
    expect(windows.sort(byTurn(30)).map(({ b }) => b)).toEqual([30, 10, 4, 20, 5])
  })
})

describe('slots', () => {
  it.each([
    [1, MAX_IN_FLIGHT],
    [5, MAX_IN_FLIGHT],
    [8, 5],
    [16, 2],
    [1_000, 1],
  ])('are shared by %i partitions', (partitions, expected) => {
    const used = { pages: 0, records: 0, largest: 0 }
    expect(slots(used, { limit: undefined, rowsPerPage: 50, partitions })).toBe(expected)
  })

  const used = { pages: 0, records: 0, largest: 100_000 }
  it.each([
    ['all without a limit', used, undefined, MAX_IN_FLIGHT],
    ['as many as pages are left', { ...used, pages: 7 }, { maxPages: 10 }, 3],
    ['none at the limit', { ...used, pages: 10 }, { maxPages: 10 }, 0],
    ['as many as rows can need', { ...used, records: 100 }, { maxRecords: 201 }, 3],
    ['all where 0 rows means no limit', used, { maxRecords: 0 }, MAX_IN_FLIGHT],
    ['fewer where answers are large', { ...used, largest: 10 * 2 ** 20 }, undefined, 3],
    ['one where they are huge', { ...used, largest: 200 * 2 ** 20 }, undefined, 1],
  ])('are %s', (_, soFar, limit, expected) => {
    expect(slots(soFar, { limit, rowsPerPage: 50, partitions: 1 })).toBe(expected)
  })
})
