import { describe, expect, it } from 'vitest'
import type { Cursor } from '../../../libs/connect/feed.ts'
import {
  EXPORT_CURSOR_VERSION,
  exportCursor,
  parseExportCursor,
  seenUntil,
} from '../../../sources/microsoft_teams/feeds/export_cursor.ts'
import { openWindow, startWalk } from '../../../sources/microsoft_teams/feeds/export_window.ts'

const invalid = expect.objectContaining({ code: 'PARLEY_CURSOR_INVALID' })

describe('export cursors', () => {
  it('survive JSON, open and closed', () => {
    const walking = { ...openWindow(5, 9), pages: 3, digest: '9:f', began: 77, channels: 'c', odd: true, next: 'link' }
    const open = exportCursor(1, 20, [openWindow(12, 20), walking, startWalk({ ...openWindow(2, 4), digest: '1:a' })])
    expect(parseExportCursor(JSON.parse(JSON.stringify(open)))).toEqual(open)
    const closed = exportCursor(1, 20)
    expect(closed).toEqual({ v: EXPORT_CURSOR_VERSION, s: 1, t: 20 })
    expect(parseExportCursor(closed)).toEqual(closed)
  })

  it('say up to when everything has been seen', () => {
    expect(seenUntil(exportCursor(1, 20))).toBe(20)
    expect(seenUntil(exportCursor(1, 20, [openWindow(12, 20), openWindow(5, 9)]))).toBe(5)
  })

  it('go on from version 1: closed, and open with the windows behind', () => {
    expect(parseExportCursor({ v: 1, s: 3, t: 20 })).toEqual(exportCursor(3, 20))
    expect(parseExportCursor({ v: 1, t: 20 })).toEqual(exportCursor(0, 20))
    const walk = { walk: 2, pages: 4, digest: '9:f', last: '8:e', began: 77, odd: false, next: 'link' }
    expect(parseExportCursor({ v: 1, s: 1, a: 5, b: 9, ...walk, cuts: [12, 20] })).toEqual(
      exportCursor(1, 20, [openWindow(12, 20), openWindow(9, 12), { a: 5, b: 9, ...walk }]),
    )
    expect(parseExportCursor({ v: 1, s: 1, a: 5, b: 9 })).toEqual(exportCursor(1, 9, [openWindow(5, 9)]))
  })

  it('take the time of another read mode', () => {
    expect(parseExportCursor({ v: 2, s: 1, t: 20, link: 'x', open: { phase: 'round' } })).toEqual(exportCursor(1, 20))
    expect(parseExportCursor({ v: 2, s: 7, t: null, open: {} })).toEqual(exportCursor(7, 7))
  })

  it.each<[string, Cursor]>([
    ['a later version', { v: 3, s: 1, t: 2 }],
    ['no time', { v: 2, s: 1 }],
    ['no beginning', { v: 2, t: 1 }],
    ['a todo that is no list', { v: 2, s: 1, t: 2, todo: 'x' }],
    ['a window without an end', { v: 2, s: 1, t: 2, todo: [{ a: 1 }] }],
    ['a window that ends before it begins', { v: 2, s: 1, t: 2, todo: [{ a: 2, b: 1 }] }],
    ['nothing of version 1', { v: 1 }],
  ])('are refused with %s', (_, cursor) => {
    expect(() => parseExportCursor(cursor)).toThrow(invalid)
  })
})
