import { describe, expect, it } from 'vitest'
import { type OpenCursor, openWindow, parseExportCursor } from '../../../sources/microsoft_teams/feeds/export_cursor.ts'
import { extendDigest } from '../../../sources/microsoft_teams/feeds/export_digest.ts'
import {
  afterPage,
  BEGINNING,
  CUT_PAGES,
  closeWalk,
  MAX_WALKS,
  needsQuietProof,
  nextCut,
  nextWindow,
  startWalk,
} from '../../../sources/microsoft_teams/feeds/export_walk.ts'

const DAY = 86_400_000
const NOW = 1_700_000_000_000
const rules = { until: NOW, start: BEGINNING, lookbackMs: 300_000, horizonMs: DAY }
const walked = (part: Partial<OpenCursor>): OpenCursor => ({
  ...openWindow(1, 1, NOW - DAY),
  began: NOW,
  pages: 3,
  digest: '150:ab',
  ...part,
})
const noEvidence = { quiet: null, times: [] }

describe('nextWindow', () => {
  it('begins at the start and ends at the ceiling, history first', () => {
    expect(nextWindow(null, rules)).toEqual(openWindow(BEGINNING, BEGINNING, NOW - DAY, [NOW]))
    expect(nextWindow(null, { ...rules, start: NOW - 5000 })).toEqual(openWindow(NOW - 5000, NOW - 5000, NOW))
    expect(nextWindow(null, { ...rules, start: NOW })).toBeNull()
  })

  it('goes back by lookback behind a closed window, never before its start', () => {
    expect(nextWindow({ v: 1, s: 1, t: NOW - 1000 }, rules)).toEqual(openWindow(1, NOW - 301_000, NOW))
    expect(nextWindow({ v: 1, s: NOW - 5000, t: NOW - 1000 }, { ...rules, start: NOW - 5000 })).toEqual(
      openWindow(NOW - 5000, NOW - 5000, NOW),
    )
  })

  it('has nothing to read below its cursor, nor for a cursor of the future', () => {
    expect(nextWindow({ v: 1, s: 1, t: NOW }, rules)).toBeNull()
    expect(nextWindow({ v: 1, s: 1, t: NOW + DAY }, rules)).toBeNull()
  })

  it('reads again from an earlier start_date, since nothing before the old one was asked for', () => {
    expect(nextWindow({ v: 1, s: 5000, t: NOW - 1 }, { ...rules, start: 4000 })).toEqual(
      openWindow(4000, 4000, NOW - DAY, [NOW]),
    )
  })

  it('goes on with a window that was left open', () => {
    const open = { ...openWindow(1, 1, NOW - 5000), pages: 2, next: 'link' }
    expect(nextWindow(open, rules)).toBe(open)
  })
})

describe('afterPage', () => {
  const page = { digest: '50:a', odd: false, served: NOW }

  it('ends a walk only where the link is absent', () => {
    const recent = openWindow(1, NOW - 1000, NOW)
    expect(afterPage(recent, { ...page, next: undefined }, rules).kind).toBe('end')
    expect(afterPage(recent, { ...page, next: 'l' }, rules)).toMatchObject({
      kind: 'walk',
      cursor: { pages: 1, next: 'l', began: NOW },
    })
  })

  it('parts history from the recent window when there is more than one page, once', () => {
    const step = afterPage(openWindow(1, 1, NOW), { ...page, next: 'l' }, rules)
    expect(step.cursor).toEqual(openWindow(1, 1, NOW - DAY, [NOW]))
    const recent = nextCut(step.cursor, { v: 1, s: 1, t: NOW - DAY })!
    expect(recent).toEqual(openWindow(1, NOW - DAY, NOW))
    expect(afterPage(recent, { ...page, next: 'l' }, rules)).toMatchObject({
      cursor: { a: recent.a, b: NOW, next: 'l' },
    })
  })
})

describe('closeWalk', () => {
  it('believes one page', () => {
    expect(closeWalk(walked({ pages: 1 }), noEvidence)).toEqual({
      kind: 'closed',
      cursor: { v: 1, s: 1, t: NOW - DAY },
    })
  })

  it('believes several pages when two walks agree', () => {
    expect(closeWalk(walked({}), noEvidence)).toMatchObject({
      kind: 'again',
      cursor: { walk: 2, pages: 0, last: '150:ab', digest: '0:0' },
    })
    expect(closeWalk(walked({ walk: 2, last: '150:ab' }), noEvidence).kind).toBe('closed')
  })

  it('believes quiet history after one walk, unless a row came twice', () => {
    expect(closeWalk(walked({}), { quiet: true, times: [] }).kind).toBe('closed')
    expect(closeWalk(walked({ odd: true }), { quiet: true, times: [] }).kind).toBe('again')
    expect(closeWalk(walked({}), { quiet: false, times: [] }).kind).toBe('again')
  })

  it('cuts a long window that changed, and walks the parts one after the other', () => {
    const times = Array.from({ length: 100 }, (_, index) => 1000 + index)
    const verdict = closeWalk(walked({ pages: CUT_PAGES * 4 }), { quiet: false, times })
    expect(verdict).toMatchObject({ kind: 'again', cursor: { a: 1, b: 1025, walk: 1, cuts: [1050, 1075, NOW - DAY] } })
    const next = nextCut(verdict.cursor as OpenCursor, { v: 1, s: 1, t: 1025 })
    expect(next).toMatchObject({ a: 1025, b: 1050, cuts: [1075, NOW - DAY] })
  })

  it('gives up only when a window of one moment changes in every walk', () => {
    const last = walked({ walk: MAX_WALKS, last: 'other' })
    expect(closeWalk(last, { quiet: null, times: [5, 10, 20] })).toMatchObject({ kind: 'again', cursor: { b: 10 } })
    expect(closeWalk(last, { quiet: null, times: [1, 1, 1] }).kind).toBe('unstable')
  })
})

describe('needsQuietProof', () => {
  it('is asked for history of several pages only', () => {
    expect(needsQuietProof(walked({}), rules)).toBe(true)
    expect(needsQuietProof(walked({ pages: 1 }), rules)).toBe(false)
    expect(needsQuietProof(walked({ b: NOW - DAY + 1 }), rules)).toBe(false)
    expect(needsQuietProof(walked({ odd: true }), rules)).toBe(false)
  })
})

describe('cursors', () => {
  it('survive JSON, and refuse what they do not know', () => {
    const open = startWalk({ ...walked({ next: 'l' }) })
    expect(parseExportCursor(JSON.parse(JSON.stringify(open)))).toEqual(open)
    expect(() => parseExportCursor({ v: 2, t: 1 })).toThrow(expect.objectContaining({ code: 'PARLEY_CURSOR_INVALID' }))
    expect(() => parseExportCursor({ v: 1 })).toThrow(expect.objectContaining({ code: 'PARLEY_CURSOR_INVALID' }))
  })

  it('digest rows in any order, over any number of pages', () => {
    const one = extendDigest(extendDigest('0:0', [1n, 2n ** 63n]), [2n ** 63n, 7n])
    expect(one).toBe(extendDigest('0:0', [7n, 2n ** 63n, 2n ** 63n, 1n]))
    expect(one).toBe('4:8')
  })
})
