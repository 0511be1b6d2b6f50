import type { Instant } from '../../../libs/connect/instant.ts'
import {
  type ClosedCursor,
  EMPTY_DIGEST,
  type ExportCursor,
  isOpen,
  type OpenCursor,
  openWindow,
} from './export_cursor.ts'

/** Earliest time that is asked for when no start_date is set. */
export const BEGINNING: Instant = 1

/** A window is walked at most this often before it is cut into smaller ones. */
export const MAX_WALKS = 4

/** A window that changed while it was walked is cut into parts of about this many pages. */
export const CUT_PAGES = 20
const MAX_CUTS = 32

export interface WindowRules {
  /** Exclusive ceiling of this read. */
  until: Instant
  /** Inclusive floor, from start_date. */
  start: Instant
  lookbackMs: number
  horizonMs: number
}

/**
 * The window to walk next, or null when everything below `until` has been read.
 * A window that was left open goes on as it is; a closed cursor goes on `lookback` before its end.
 */
export function nextWindow(cursor: ExportCursor | null, rules: WindowRules): OpenCursor | null {
  const { until, start } = rules
  if (cursor === null) return firstWindow(rules)
  // An earlier start_date than the one this cursor began with: what lies before it was never asked for.
  if (start < cursor.s) return firstWindow(rules)
  if (isOpen(cursor)) return cursor.a < until ? cursor : null
  if (cursor.t >= until) return null
  return openWindow(cursor.s, Math.max(cursor.s, cursor.t - rules.lookbackMs), until)
}

/** History first and by itself: only the recent part, where changes still arrive, has to be walked until two walks agree. */
function firstWindow({ until, start, horizonMs }: WindowRules): OpenCursor | null {
  const old = until - horizonMs
  if (start >= until) return null
  return start < old ? openWindow(start, start, old, [until]) : openWindow(start, start, until)
}

/** What a page of a walk brought, beside its rows. */
export interface PageFacts {
  digest: string
  odd: boolean
  next: string | undefined
  /** The API's clock at the answer. */
  served: Instant
}

export type Step =
  /** Go on at this cursor. */
  | { kind: 'walk'; cursor: OpenCursor }
  /** The link is absent: this walk saw its last page. `closeWalk` decides what that means. */
  | { kind: 'end'; cursor: OpenCursor }

/** The cursor after a page. */
export function afterPage(cursor: OpenCursor, page: PageFacts, rules: WindowRules): Step {
  const { next: _, ...rest } = cursor
  const walked: OpenCursor = {
    ...rest,
    pages: cursor.pages + 1,
    digest: page.digest,
    odd: cursor.odd || page.odd,
    began: cursor.began ?? page.served,
  }
  if (page.next === undefined) return { kind: 'end', cursor: walked }
  const old = rules.until - rules.horizonMs
  if (walked.pages === 1 && cursor.walk === 1 && cursor.b === rules.until && cursor.a < old) {
    // More than one page after a pause of days: part the history from the recent window, as in a first read.
    return { kind: 'walk', cursor: openWindow(cursor.s, cursor.a, old, [...cursor.cuts, rules.until]) }
  }
  return { kind: 'walk', cursor: { ...walked, next: page.next } }
}

export interface Evidence {
  /** Nothing that the window held has changed since the walk began; null: not asked. */
  quiet: boolean | null
  /** Times of rows seen in this walk, ascending: where the window can be cut. May be a sample. */
  times: readonly Instant[]
}

export type Verdict =
  | { kind: 'closed'; cursor: ClosedCursor }
  | { kind: 'again'; cursor: OpenCursor }
  | { kind: 'unstable'; cursor: OpenCursor }

/**
 * Whether a finished walk can be believed. One page is one look at the list and always can. Several pages can
 * when the walk before saw the same rows, or, for history, when nothing in it moved meanwhile. Otherwise the
 * window is walked again, and cut into smaller ones when that does not settle it.
 */
export function closeWalk(cursor: OpenCursor, evidence: Evidence): Verdict {
  if (cursor.pages === 1 || cursor.last === cursor.digest || (evidence.quiet === true && !cursor.odd)) {
    return { kind: 'closed', cursor: { v: 1, s: cursor.s, t: cursor.b } }
  }
  const parts = Math.min(MAX_CUTS, Math.ceil(cursor.pages / CUT_PAGES))
  if (parts > 1 && (evidence.quiet === false || cursor.walk > 1)) {
    const cut = cutWindow(cursor, evidence.times, parts)
    if (cut) return { kind: 'again', cursor: cut }
  }
  if (cursor.walk < MAX_WALKS) return { kind: 'again', cursor: startWalk(cursor) }
  const halves = cutWindow(cursor, evidence.times, 2)
  return halves ? { kind: 'again', cursor: halves } : { kind: 'unstable', cursor: reopenWindow(cursor) }
}

/** True when a closed walk over [a, b) needs to know whether it was quiet: history of several pages, walked in one piece. */
export function needsQuietProof(cursor: OpenCursor, rules: WindowRules): boolean {
  return (
    cursor.pages > 1 &&
    !cursor.odd &&
    cursor.last !== cursor.digest &&
    cursor.began !== null &&
    cursor.b <= cursor.began - rules.horizonMs
  )
}

/**
 * The window again from its first page, as if it had not been walked: after its walks did not settle it, so that
 * the next run has all of them before it.
 */
export function reopenWindow(cursor: OpenCursor): OpenCursor {
  return openWindow(cursor.s, cursor.a, cursor.b, cursor.cuts)
}

/** The next walk over the same window. @param whole the walk before saw its last page */
export function startWalk(cursor: OpenCursor, whole = true): OpenCursor {
  const { next: _, ...rest } = cursor
  return {
    ...rest,
    walk: cursor.walk + 1,
    pages: 0,
    digest: EMPTY_DIGEST,
    last: whole ? cursor.digest : null,
    began: null,
    odd: false,
  }
}

/**
 * After a window closed: the window behind it that it was cut from, or null. The parts of one read do not overlap:
 * what the API shows late is read by the next read, which begins `lookback` before this one's end.
 */
export function nextCut(open: OpenCursor, closed: ClosedCursor): OpenCursor | null {
  const [b, ...cuts] = open.cuts.filter((cut) => cut > closed.t)
  return b === undefined ? null : openWindow(closed.s, closed.t, b, cuts)
}

/** Cuts [a, b) at quantiles of the row times into at most `parts`; null when all rows share one time. */
function cutWindow(cursor: OpenCursor, times: readonly Instant[], parts: number): OpenCursor | null {
  const ends = new Set<Instant>()
  for (let part = 1; part < parts; part++) {
    const time = times[Math.floor((times.length * part) / parts)]
    if (time !== undefined && time > cursor.a && time < cursor.b) ends.add(time)
  }
  const [first, ...others] = [...ends].sort((x, y) => x - y)
  if (first === undefined) return null
  return openWindow(cursor.s, cursor.a, first, [...others, cursor.b, ...cursor.cuts])
}
