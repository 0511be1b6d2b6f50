import type { Instant } from '../../../libs/connect/instant.ts'
import { type ExportWindow, openWindow } from './export_window.ts'

/** What the pages of a walk have shown so far. */
export interface Sight {
  /** Times of rows, ascending; may be a sample. */
  times: readonly Instant[]
  /** How the rows follow each other by time. The API's order is not documented. */
  order: 'ascending' | 'descending' | 'none'
}

/** No message of Teams is older, imported ones aside: where a cut by time may assume that the rows begin. */
const TEAMS_BEGAN: Instant = Date.UTC(2016, 10, 1)

/** Cuts a window whose walk saw all its rows into at most `parts` with as many rows each; null when all rows share one time. */
export function cutByRows(window: ExportWindow, times: readonly Instant[], parts: number): ExportWindow[] | null {
  return cutAt(window, quantiles(times, parts))
}

/**
 * Cuts a window of which only the first pages have been seen. Rows in no order are a sample of all of them; rows in
 * order show one end, so that only time itself can part the rest.
 */
export function cutEarly(window: ExportWindow, { times, order }: Sight, parts: number): ExportWindow[] | null {
  const [first, last] = [times[0], times.at(-1)]
  if (order === 'none' || first === undefined || last === undefined) return cutByRows(window, times, parts)
  if (order === 'ascending') return cutAt(window, steps(first, window.b, parts))
  const low = last > TEAMS_BEGAN ? Math.max(window.a, TEAMS_BEGAN) : window.a
  return cutAt(window, steps(low, last, parts))
}

/** Cuts at the points that lie inside the window, newest part first; null when none does. */
export function cutAt(window: ExportWindow, points: readonly Instant[]): ExportWindow[] | null {
  const inside = [...new Set(points.filter((point) => point > window.a && point < window.b))].sort((x, y) => x - y)
  if (inside.length === 0) return null
  const ends = [window.a, ...inside, window.b]
  return ends
    .slice(1)
    .map((b, part) => openWindow(ends[part]!, b))
    .reverse()
}

function quantiles(times: readonly Instant[], parts: number): Instant[] {
  const points = Array.from({ length: Math.max(0, parts - 1) }, (_, part) => (part + 1) / parts)
  return points.flatMap((share) => times[Math.floor(times.length * share)] ?? [])
}

function steps(low: Instant, high: Instant, parts: number): Instant[] {
  return Array.from({ length: Math.max(0, parts - 1) }, (_, part) =>
    Math.floor(low + ((high - low) * (part + 1)) / parts),
  )
}
