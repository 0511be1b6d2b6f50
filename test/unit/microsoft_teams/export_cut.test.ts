import { describe, expect, it } from 'vitest'
import { cutAt, cutByRows, cutEarly } from '../../../sources/microsoft_teams/feeds/export_cut.ts'
import { type ExportWindow, openWindow } from '../../../sources/microsoft_teams/feeds/export_window.ts'
import { WalkMemory } from '../../../sources/microsoft_teams/feeds/walk_memory.ts'

const YEAR = 365 * 86_400_000
const NOW = Date.UTC(2026, 0)
const rangesOf = (windows: readonly ExportWindow[] | null) => windows?.map(({ a, b }) => [a, b])

describe('cutAt', () => {
  it('leaves no gap and no overlap, newest first, and ignores points on the ends and outside', () => {
    expect(cutAt(openWindow(10, 20), [15, 12, 15, 10, 20, 5, 30])).toEqual([
      openWindow(15, 20),
      openWindow(12, 15),
      openWindow(10, 12),
    ])
    expect(cutAt(openWindow(10, 20), [10, 20])).toBeNull()
  })
})

describe('cutByRows', () => {
  it('gives each part as many rows', () => {
    const times = [...Array(30).fill(500), ...Array.from({ length: 70 }, (_, index) => 1000 + index)]
    expect(rangesOf(cutByRows(openWindow(1, 9000), times, 2))).toEqual([
      [1020, 9000],
      [1, 1020],
    ])
  })

  it('cannot cut a moment', () => {
    expect(cutByRows(openWindow(7, 9000), Array(100).fill(7), 8)).toBeNull()
    expect(cutByRows(openWindow(7, 9000), [], 8)).toBeNull()
  })
})

describe('cutEarly', () => {
  const window = openWindow(1, NOW)

  it('takes rows in no order for a sample', () => {
    const times = Array.from({ length: 100 }, (_, index) => NOW - YEAR + index)
    expect(rangesOf(cutEarly(window, { times, order: 'none' }, 4))).toEqual(rangesOf(cutByRows(window, times, 4)))
  })

  it('parts the time that ordered rows have not come to yet', () => {
    const times = [NOW - YEAR, NOW - YEAR + 1000]
    expect(rangesOf(cutEarly(window, { times, order: 'ascending' }, 2))).toEqual([
      [NOW - YEAR / 2, NOW],
      [1, NOW - YEAR / 2],
    ])
    const newest = cutEarly(window, { times: [NOW - 1000, NOW - 1], order: 'descending' }, 2)!
    expect(newest).toHaveLength(2)
    // Not the middle between now and 1970, where there was no Teams.
    expect(new Date(newest[0]!.a).getUTCFullYear()).toBe(2021)
    expect(rangesOf(cutEarly(openWindow(1, 1000), { times: [900], order: 'descending' }, 3))).toEqual([
      [600, 1000],
      [300, 600],
      [1, 300],
    ])
  })
})

describe('WalkMemory', () => {
  const orderOf = (times: readonly number[]) => {
    const memory = new WalkMemory()
    for (const [index, time] of times.entries()) memory.meet(BigInt(index), time)
    return memory.sight().order
  }
  const rising = Array.from({ length: 40 }, (_, index) => index)

  it('sees how rows follow each other, a few exceptions aside', () => {
    expect(orderOf(rising)).toBe('ascending')
    expect(orderOf([...rising].reverse())).toBe('descending')
    expect(orderOf([...rising.slice(0, 20), 0, ...rising.slice(20)])).toBe('ascending')
    expect(orderOf(rising.map((time) => (time * 17) % 40))).toBe('none')
    expect(orderOf(Array(40).fill(5))).toBe('none')
  })

  it('knows rows of this walk, of walks before, and of the window it was cut from', () => {
    const memory = new WalkMemory()
    expect(memory.meet(7n, 1)).toEqual({ isNew: true, isFirst: true })
    expect(memory.meet(7n, 1)).toEqual({ isNew: false, isFirst: false })
    memory.startWalk()
    expect(memory.times()).toEqual([])
    expect(memory.meet(7n, 1)).toEqual({ isNew: true, isFirst: false })
    const part = new WalkMemory(new WalkMemory(memory))
    expect(part.meet(7n, 1)).toEqual({ isNew: true, isFirst: false })
    expect(part.meet(0n, 1)).toEqual({ isNew: true, isFirst: true })
    expect(part.meet(0n, 1)).toEqual({ isNew: false, isFirst: false })
  })

  it('remembers many rows, and says new for those beyond', () => {
    const memory = new WalkMemory()
    const hashOf = (row: number) => (BigInt(row) * 0x9e3779b97f4a7c15n) % 2n ** 64n
    for (let row = 0; row < 120_000; row++) if (!memory.meet(hashOf(row), row).isNew) throw new Error(`row ${row}`)
    expect(memory.meet(hashOf(0), 0).isNew).toBe(false)
    expect(memory.meet(hashOf(98_303), 0).isNew).toBe(false)
    expect(memory.meet(hashOf(119_999), 0).isNew).toBe(true)
    expect(memory.times().length).toBeLessThan(4_096)
  })
})
