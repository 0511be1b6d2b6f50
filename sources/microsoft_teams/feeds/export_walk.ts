import type { Instant } from '../../../libs/connect/instant.ts'
import { cutAt, cutByRows, cutEarly, type Sight } from './export_cut.ts'
import type { WindowRules } from './export_plan.ts'
import { type ExportWindow, startWalk } from './export_window.ts'

/** A window is walked at most this often before it is cut into smaller ones. */
export const MAX_WALKS = 4

/** A window that changed while it was walked is cut into parts of about this many pages. */
export const CUT_PAGES = 20
const MAX_PARTS = 32

/** A chain this long is cut into chains that are read side by side; so is one of four, sixteen … times the length. */
export const LONG_CHAIN_PAGES = 8
/** Cutting asks for the pages so far again: not for less than this many chains. */
const MIN_CHAINS = 5

/** What a page of a walk brought, beside its rows. */
export interface PageFacts {
  digest: string
  odd: boolean
  next: string | undefined
  /** The API's clock at the answer. */
  served: Instant
  /** Of the team's channels, when the page was asked for. */
  channels: string | undefined
}

/** What is free to cut a window into. */
export interface Room {
  /** Windows that can be read at the same time, this one among them. */
  chains: number
  /** Windows that the cursor can still hold, this one among them. */
  windows: number
}

/** The window after a page; without `next` its walk has seen its last page, and `closeWalk` decides what that means. */
export function afterPage(window: ExportWindow, page: PageFacts): ExportWindow {
  const { next: _, ...rest } = window
  const isFirst = window.pages === 0
  return {
    ...rest,
    pages: window.pages + 1,
    digest: page.digest,
    odd: window.odd || page.odd,
    began: window.began ?? page.served,
    ...(isFirst && page.channels !== undefined ? { channels: page.channels } : {}),
    ...(page.next === undefined ? {} : { next: page.next }),
  }
}

/**
 * The windows, newest first, to read in place of one whose first walk goes on, or null to go on with it: history is
 * parted from the recent window once there is more than one page, and a long chain is cut while others are free.
 */
export function cutOnTheWay(
  window: ExportWindow,
  sight: () => Sight,
  rules: WindowRules,
  room: Room,
): ExportWindow[] | null {
  if (window.walk > 1 || window.next === undefined || room.windows < 2) return null
  if (window.pages === 1) return cutAt(window, [rules.until - rules.horizonMs])
  if (!isCutLength(window.pages) || room.chains < MIN_CHAINS) return null
  return cutEarly(window, sight(), Math.min(room.chains, room.windows))
}

function isCutLength(pages: number): boolean {
  let length = LONG_CHAIN_PAGES
  while (length < pages) length *= 4
  return length === pages
}

export interface Evidence {
  /** Nothing that the window held has changed since the walk began; null: not asked. */
  quiet: boolean | null
  /** Times of rows seen in this walk, ascending: where the window can be cut. May be a sample. */
  times: readonly Instant[]
}

export type Verdict =
  | { kind: 'closed' }
  /** To read in place of the window, newest first. */
  | { kind: 'again'; windows: ExportWindow[] }
  | { kind: 'unstable' }

/**
 * Whether a finished walk can be believed. One page is one look at the list and always can. Several pages can
 * when the walk before saw the same rows, or, for history, when nothing in it moved meanwhile. Otherwise the
 * window is walked again, and cut into smaller ones when that does not settle it.
 *
 * @param room windows that the cursor can hold in place of this one; halving has room kept for it
 */
export function closeWalk(window: ExportWindow, { quiet, times }: Evidence, room: number): Verdict {
  if (window.pages === 1 || window.last === window.digest || (quiet === true && !window.odd)) return { kind: 'closed' }
  const parts = Math.min(MAX_PARTS, room, Math.ceil(window.pages / CUT_PAGES))
  if (parts > 1 && (quiet === false || window.walk > 1)) {
    const windows = cutByRows(window, times, parts)
    if (windows) return { kind: 'again', windows }
  }
  if (window.walk < MAX_WALKS) return { kind: 'again', windows: [startWalk(window)] }
  const halves = room + RESERVED_WINDOWS < 2 ? null : cutByRows(window, times, 2)
  return halves ? { kind: 'again', windows: halves } : { kind: 'unstable' }
}

/** Room in the cursor for windows that can only be halved. */
export const RESERVED_WINDOWS = 16

/** True when a finished walk can be proven quiet, and needs it: history of several pages, walked in one piece. */
export function needsQuietProof(window: ExportWindow, rules: WindowRules): boolean {
  return (
    window.pages > 1 &&
    !window.odd &&
    window.last !== window.digest &&
    window.channels !== undefined &&
    window.began !== null &&
    isHistory(window, window.began, rules)
  )
}

/** The window lies so far back that changes in it are rare. */
export function isHistory({ b }: ExportWindow, now: Instant, { horizonMs }: WindowRules): boolean {
  return b <= now - horizonMs
}
