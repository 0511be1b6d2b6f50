import { expect, test } from 'vitest'
import { seededRandom } from '../../../libs/simulator/random.ts'
import { countRows } from '../../../sources/microsoft_teams/feeds/estimate_windows.ts'

const PAGE = 50
const DAY = 86_400_000
const NOW = Date.UTC(2026, 0, 1)
const RECENT = NOW - DAY

/** A list of times behind pages of 50, and how often it was asked. */
function listOf(times: readonly number[]) {
  const asked = { pages: 0 }
  const ask = async (a: number, b: number) => {
    asked.pages++
    const rows = times.filter((time) => time >= a && time < b).length
    return { rows: Math.min(rows, PAGE), more: rows > PAGE }
  }
  return { ask, asked }
}

const spread = (count: number, days: number, seed = 1): number[] => {
  const chance = seededRandom(seed)
  return Array.from({ length: count }, () => Math.floor(NOW - chance.next() * days * DAY))
}

test('what fits a page is counted, in one request a part', async () => {
  const { ask, asked } = listOf([...spread(20, 1), ...spread(30, 300).map((time) => time - DAY)])
  expect(await countRows(ask, 1, RECENT, NOW)).toEqual({ history: 30, recent: 20 })
  expect(asked.pages).toBe(2)
})

test('nothing before start is asked for, and no recent part behind the end', async () => {
  const { ask, asked } = listOf(spread(10, 0.5))
  expect(await countRows(ask, RECENT, RECENT, NOW)).toEqual({ history: 0, recent: 10 })
  expect(await countRows(ask, 1, RECENT, RECENT)).toEqual({ history: 0, recent: 0 })
  expect(asked.pages).toBe(2)
})

test.each([
  ['a month', 3_000, 30],
  ['a year', 20_000, 365],
  ['eight years', 50_000, 2900],
  ['a busy day', 10_000, 1],
])('rows spread over %s are reckoned within a third, by few requests', async (_, count, days) => {
  const { ask, asked } = listOf(spread(count, days))
  const { history, recent } = await countRows(ask, 1, RECENT, NOW)
  expect((history + recent) / count).toBeGreaterThan(0.67)
  expect((history + recent) / count).toBeLessThan(1.5)
  expect(asked.pages).toBeLessThanOrEqual(45)
})

test('many rows of one moment end it all the same', async () => {
  const { ask, asked } = listOf(new Array(5000).fill(NOW - 40 * DAY))
  const { history } = await countRows(ask, 1, RECENT, NOW)
  expect(history).toBeGreaterThan(PAGE)
  expect(asked.pages).toBeLessThanOrEqual(64)
})
