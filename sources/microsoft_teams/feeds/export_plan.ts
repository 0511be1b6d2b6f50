import type { Limit } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import { type ExportCursor, exportCursor } from './export_cursor.ts'
import { cutAt } from './export_cut.ts'
import { type ExportWindow, isUntouched, openWindow } from './export_window.ts'

/** Earliest time that is asked for when no start_date is set. */
export const BEGINNING: Instant = 1

/** Windows of one partition that are read at the same time; each has one request in flight at most. */
export const MAX_IN_FLIGHT = 8

/** The same over all partitions of a run, below the connections of the HTTP client: many teams side by side need no windows side by side. */
const MAX_IN_FLIGHT_TOGETHER = 40

/** Windows that a cursor holds; halving may go beyond, see `RESERVED_WINDOWS`. */
export const MAX_WINDOWS = 48

/** Bytes of pages that may wait to be handed on: above it fewer windows are read at the same time. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024

export interface WindowRules {
  /** Exclusive ceiling of this read. */
  until: Instant
  /** Inclusive floor, from start_date. */
  start: Instant
  lookbackMs: number
  horizonMs: number
}

/**
 * What a read has before it: a cursor with all its windows in `todo`.
 *
 * @param newest also what came since `cursor.t`, while older windows are still open. Not for a read with a limit: a
 *   small one would look for newer changes each time, and never come to the end of the older ones.
 */
export function planRead(cursor: ExportCursor | null, rules: WindowRules, newest: boolean): ExportCursor {
  const { start, until } = rules
  if (cursor === null || isEmpty(cursor)) {
    return start < until ? exportCursor(start, until, partHistory(openWindow(start, until), rules)) : nothing(start)
  }
  const early = start < cursor.s ? partHistory(openWindow(start, cursor.s), rules) : []
  const s = Math.min(start, cursor.s)
  const todo = [...(cursor.todo ?? []), ...early].flatMap((window) => cutAt(window, [until]) ?? [window])
  const isBusy = todo.some((window) => isDue(window, rules))
  const isWanted = isBusy ? newest && todo.length < MAX_WINDOWS : true
  if (cursor.t >= until || !isWanted) return exportCursor(s, cursor.t, todo.sort(newestFirst))
  // What the API showed late: the next read goes over the end of this one again.
  const recent = openWindow(Math.max(cursor.s, cursor.t - rules.lookbackMs), until)
  return exportCursor(s, until, [recent, ...todo.flatMap((window) => outside(window, recent))].sort(newestFirst))
}

/** True for a window of this read; those behind its end, from a read with a later one, wait for the next such read. */
export function isDue(window: ExportWindow, { until }: WindowRules): boolean {
  return window.a < until
}

export function newestFirst(one: ExportWindow, other: ExportWindow): number {
  return other.b - one.b || other.a - one.a
}

/** The order in which windows get their turn: the newest, then what has been begun, then from new to old. */
export function byTurn(t: Instant): (one: ExportWindow, other: ExportWindow) => number {
  const rank = (window: ExportWindow) => (window.b === t ? 0 : isUntouched(window) ? 2 : 1)
  return (one, other) => rank(one) - rank(other) || newestFirst(one, other)
}

/** What a read has used so far. */
export interface Used {
  pages: number
  records: number
  /** Bytes of the largest page. */
  largest: number
}

export interface Bounds {
  limit: Limit | undefined
  rowsPerPage: number
  /** Partitions that are being read now, this one among them. */
  partitions: number
}

/** How many requests may be in flight: none whose answer a limit would throw away, and none that memory cannot take. */
export function slots(used: Used, { limit, rowsPerPage, partitions }: Bounds): number {
  const pages = (limit?.maxPages ?? Number.POSITIVE_INFINITY) - used.pages
  const records = (limit?.maxRecords || Number.POSITIVE_INFINITY) - used.records
  const memory = Math.floor(MAX_WAITING_BYTES / Math.max(1, used.largest))
  const share = Math.floor(MAX_IN_FLIGHT_TOGETHER / partitions)
  return Math.min(Math.max(1, Math.min(MAX_IN_FLIGHT, memory, share)), pages, Math.ceil(records / rowsPerPage))
}

/** Only the recent part, where changes still arrive, has to be walked until two walks agree: history stands by itself. */
function partHistory(window: ExportWindow, { until, horizonMs }: WindowRules): ExportWindow[] {
  return cutAt(window, [until - horizonMs]) ?? [window]
}

/** The window without what `recent` will read; whole where pages of it have been read. */
function outside(window: ExportWindow, recent: ExportWindow): ExportWindow[] {
  if (!isUntouched(window) || window.b <= recent.a || window.a >= recent.b) return [window]
  return window.a < recent.a ? [openWindow(window.a, recent.a)] : []
}

/** A cursor that stands for nothing: it was made by hand, or by a read mode that has not ended once. */
function isEmpty({ s, t, todo }: ExportCursor): boolean {
  return t <= s && todo === undefined
}

function nothing(start: Instant): ExportCursor {
  return exportCursor(start, start)
}
