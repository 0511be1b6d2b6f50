import { describe, expect, it } from 'vitest'
import { extendDigest } from '../../../sources/microsoft_teams/feeds/export_digest.ts'
import {
  afterPage,
  CUT_PAGES,
  closeWalk,
  cutOnTheWay,
  LONG_CHAIN_PAGES,
  MAX_WALKS,
  needsQuietProof,
  RESERVED_WINDOWS,
} from '../../../sources/microsoft_teams/feeds/export_walk.ts'
import { type ExportWindow, openWindow } from '../../../sources/microsoft_teams/feeds/export_window.ts'

const DAY = 86_400_000
const NOW = 1_700_000_000_000
const rules = { until: NOW, start: 1, lookbackMs: 300_000, horizonMs: DAY }
const ROOM = 40
const walked = (part: Partial<ExportWindow>): ExportWindow => ({
  ...openWindow(1, NOW - DAY),
  began: NOW,
  pages: 3,
  digest: '150:ab',
  channels: 'c',
  ...part,
})
const noEvidence = { quiet: null, times: [] }
const rangesOf = (windows: readonly ExportWindow[] | null) => windows?.map(({ a, b }) => [a, b])

describe('afterPage', () => {
  it('counts pages, keeps when the walk began, and has no link behind the last page', () => {
    const first = afterPage(openWindow(1, 9), { digest: '1:a', odd: false, next: 'l', served: NOW, channels: 'c' })
    expect(first).toMatchObject({ pages: 1, digest: '1:a', next: 'l', began: NOW, odd: false, channels: 'c' })
    const last = afterPage(first, { digest: '2:b', odd: true, next: undefined, served: NOW + 5, channels: 'd' })
    // Those of the first page: a later list may lack what went meanwhile.
    expect(last).toMatchObject({ pages: 2, digest: '2:b', began: NOW, odd: true, channels: 'c' })
    expect(last).not.toHaveProperty('next')
  })
})

describe('cutOnTheWay', () => {
  const times = Array.from({ length: 400 }, (_, index) => NOW - 2 * DAY + index)
  const sight = () => ({ times, order: 'none' as const })
  const long = walked({ pages: LONG_CHAIN_PAGES, next: 'l' })

  it('parts history from the recent window when there is more than one page', () => {
    const pause = { ...openWindow(1, NOW), pages: 1, next: 'l' }
    expect(cutOnTheWay(pause, sight, rules, { chains: 1, windows: ROOM })).toEqual([
      openWindow(NOW - DAY, NOW),
      openWindow(1, NOW - DAY),
    ])
    expect(cutOnTheWay(walked({ pages: 1, next: 'l' }), sight, rules, { chains: 8, windows: ROOM })).toBeNull()
  })

  it.each([
    ['a long chain while the others are free', {}, { chains: 8, windows: ROOM }, 8],
    ['one of four times the length', { pages: LONG_CHAIN_PAGES * 4 }, { chains: 6, windows: ROOM }, 6],
    ['no more than the cursor holds', {}, { chains: 8, windows: 3 }, 3],
    ['none between these lengths', { pages: LONG_CHAIN_PAGES * 2 }, { chains: 8, windows: ROOM }, 0],
    ['no short chain', { pages: LONG_CHAIN_PAGES / 2 }, { chains: 8, windows: ROOM }, 0],
    ['none while others are read', {}, { chains: 4, windows: ROOM }, 0],
    ['none where the cursor is full', {}, { chains: 8, windows: 1 }, 0],
    ['none that has ended', { next: undefined as never }, { chains: 8, windows: ROOM }, 0],
    ['none that was walked before', { walk: 2 }, { chains: 8, windows: ROOM }, 0],
  ])('cuts %s', (_, part, room, parts) => {
    expect(cutOnTheWay({ ...long, ...part }, sight, rules, room)?.length ?? 0).toBe(parts)
  })
})

describe('closeWalk', () => {
  it('believes one page', () => {
    expect(closeWalk(walked({ pages: 1 }), noEvidence, ROOM)).toEqual({ kind: 'closed' })
  })

  it('believes several pages when two walks agree', () => {
    expect(closeWalk(walked({}), noEvidence, ROOM)).toMatchObject({
      kind: 'again',
      windows: [{ walk: 2, pages: 0, last: '150:ab', digest: '0:0' }],
    })
    expect(closeWalk(walked({ walk: 2, last: '150:ab' }), noEvidence, ROOM).kind).toBe('closed')
  })

  it('believes quiet history after one walk, unless a row came twice', () => {
    expect(closeWalk(walked({}), { quiet: true, times: [] }, ROOM).kind).toBe('closed')
    expect(closeWalk(walked({ odd: true }), { quiet: true, times: [] }, ROOM).kind).toBe('again')
    expect(closeWalk(walked({}), { quiet: false, times: [] }, ROOM).kind).toBe('again')
  })

  it('cuts a long window that changed, newest part first, into what the cursor can hold', () => {
    const times = Array.from({ length: 100 }, (_, index) => 1000 + index)
    const cut = (room: number) => {
      const verdict = closeWalk(walked({ pages: CUT_PAGES * 4 }), { quiet: false, times }, room)
      return verdict.kind === 'again' ? rangesOf(verdict.windows) : verdict.kind
    }
    expect(cut(ROOM)).toEqual([
      [1075, NOW - DAY],
      [1050, 1075],
      [1025, 1050],
      [1, 1025],
    ])
    expect(cut(2)).toEqual([
      [1050, NOW - DAY],
      [1, 1050],
    ])
    expect(cut(1)).toEqual([[1, NOW - DAY]])
  })

  it('gives up only when a window of one moment changes in every walk, or nothing more can be held', () => {
    const last = walked({ walk: MAX_WALKS, last: 'other' })
    const halves = { kind: 'again', windows: [{ a: 10 }, { b: 10 }] }
    expect(closeWalk(last, { quiet: null, times: [5, 10, 20] }, ROOM)).toMatchObject(halves)
    expect(closeWalk(last, { quiet: null, times: [5, 10, 20] }, 0)).toMatchObject(halves)
    expect(closeWalk(last, { quiet: null, times: [1, 1, 1] }, ROOM).kind).toBe('unstable')
    expect(closeWalk(last, { quiet: null, times: [5, 10, 20] }, 1 - RESERVED_WINDOWS).kind).toBe('unstable')
  })
})

describe('needsQuietProof', () => {
  it('is asked for history of several pages only', () => {
    expect(needsQuietProof(walked({}), rules)).toBe(true)
    expect(needsQuietProof(walked({ pages: 1 }), rules)).toBe(false)
    expect(needsQuietProof(walked({ b: NOW - DAY + 1 }), rules)).toBe(false)
    expect(needsQuietProof(walked({ odd: true }), rules)).toBe(false)
    expect(needsQuietProof(walked({ last: '150:ab' }), rules)).toBe(false)
    const { channels: _, ...unknown } = walked({})
    expect(needsQuietProof(unknown, rules)).toBe(false)
  })
})

describe('extendDigest', () => {
  it('digests rows in any order, over any number of pages', () => {
    const one = extendDigest(extendDigest('0:0', [1n, 2n ** 63n]), [2n ** 63n, 7n])
    expect(one).toBe(extendDigest('0:0', [7n, 2n ** 63n, 2n ** 63n, 1n]))
    expect(one).toBe('4:8')
  })
})
