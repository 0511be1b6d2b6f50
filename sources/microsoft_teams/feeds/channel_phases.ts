import type { Instant } from '../../../libs/connect/instant.ts'
import {
  type ChannelCursor,
  type ListOrder,
  type OpenRead,
  openPhase,
  type PendingReplies,
  type Phase,
  UNSEEN_ORDER,
} from './channel_cursor.ts'
import { EMPTY_DIGEST } from './export_cursor.ts'
import { MAX_WALKS } from './export_walk.ts'

/** How often a channel's tokens may be lost in one read before it is read without any. */
export const MAX_LOST = 3

export interface ChannelRules {
  mode: 'delta' | 'list'
  /** Inclusive floor, from start_date. */
  start: Instant
  /** Exclusive ceiling of this read. */
  until: Instant
  /** Rows from here on are left out: end_date, or Infinity. */
  end: Instant
  lookbackMs: number
  /** Delta shows no change before this. */
  horizon: Instant
}

/** The read to go on with, or null when everything below `until` has been read. */
export function nextRead(cursor: ChannelCursor | null, rules: ChannelRules): ChannelCursor | null {
  if (cursor === null || rules.start < cursor.s) return firstRead(rules)
  const { s, t, link, open } = cursor
  if (t !== null && t >= rules.until) return null
  const goesOn = open !== undefined && (rules.mode === 'delta' || open.phase === 'list')
  // An earlier end_date than the one the read began with: what it may claim has changed, so it begins again.
  if (goesOn && open.until <= rules.until) return cursor
  if (t === null) return firstRead({ ...rules, start: s })
  const begin = (phase: Phase): ChannelCursor => ({ v: 2, s, t, open: openPhase(phase, rules.until) })
  if (rules.mode === 'list') return begin('list')
  if (link !== undefined) return { ...begin('round'), link }
  return begin(t - rules.lookbackMs >= rules.horizon ? 'round' : 'begin')
}

/**
 * Delta alone is enough for what its eight months hold. Older history comes from the list, behind a token that was
 * taken before the walk: what moves while it walks comes in the round after it.
 */
function firstRead({ mode, start, until, horizon }: ChannelRules): ChannelCursor | null {
  if (start >= until) return null
  const phase = mode === 'list' ? 'list' : start >= horizon ? 'round' : 'begin'
  return { v: 2, s: start, t: null, open: openPhase(phase, until) }
}

/** Where a round without token begins. */
export function roundSince(cursor: ChannelCursor, open: OpenRead, rules: ChannelRules): Instant {
  const seen = open.phase === 'begin' ? open.until : cursor.t
  return seen === null ? cursor.s : Math.max(cursor.s, seen - rules.lookbackMs)
}

/** What a page of a phase brought, beside its rows. */
export interface PhasePage {
  next: string | undefined
  deltaLink: string | undefined
  replies: PendingReplies[]
  digest: string
  order: ListOrder
}

/** The cursor after a page of threads. Replies that did not fit are read before the next page or phase. */
export function afterThreads(cursor: ChannelCursor, open: OpenRead, page: PhasePage): ChannelCursor {
  const { next: _, ...rest } = open
  const { next, deltaLink, replies, digest, order } = page
  const ended =
    next === undefined ? { ended: true, ...(deltaLink === undefined ? {} : { token: deltaLink }) } : { next }
  return { ...cursor, open: { ...rest, ...ended, pages: open.pages + 1, replies, digest, order } }
}

/** The cursor after a page of a thread's replies. */
export function afterReplies(cursor: ChannelCursor, open: OpenRead, next: string | undefined): ChannelCursor {
  const [first, ...others] = open.replies
  const replies = next === undefined ? others : [{ root: first!.root, next }, ...others]
  return { ...cursor, open: { ...open, pages: open.pages + 1, replies } }
}

/** True when the phase has nothing left to ask. */
export function isEnded(open: OpenRead): boolean {
  return open.ended === true && open.replies.length === 0
}

/** The cursor after a phase's end; `unstable` when the walks of a list did not agree. */
export function afterPhase(cursor: ChannelCursor, open: OpenRead, isProven: boolean): ChannelCursor | 'unstable' {
  const { s, t, link } = cursor
  const bounded = cursor.bounded === true ? ({ bounded: true } as const) : {}
  const token = typeof open.token === 'string' ? { link: open.token } : {}
  switch (open.phase) {
    case 'begin':
      // Without a token there is nothing for a walk to lean on but itself.
      return { v: 2, s, t, ...bounded, ...token, open: openPhase('link' in token ? 'history' : 'list', open.until) }
    case 'history':
      // What leaves its place in a list without an order moves its neighbours, past the border of a page it may be.
      if (open.pages > 1 && !isOrdered(open.order) && open.last !== open.digest)
        return nextWalk(cursor, open, open.digest)
      return { v: 2, s, t, ...bounded, ...(link === undefined ? {} : { link }), open: openPhase('round', open.until) }
    case 'round':
      return { v: 2, s, t: open.until, ...(cursor.bounded === true ? {} : token) }
    case 'list':
      if (isProven || open.last === open.digest || (open.pages === 1 && open.walk === 1))
        return { v: 2, s, t: open.until }
      return nextWalk(cursor, open, open.digest)
  }
}

/** The list again from its first page. @param whole digest of the walk before; null when it did not see its end */
function nextWalk(cursor: ChannelCursor, open: OpenRead, whole: string | null): ChannelCursor | 'unstable' {
  if (open.walk >= MAX_WALKS) return 'unstable'
  const { next: _, ended: __, ...rest } = open
  const again = { walk: open.walk + 1, pages: 0, replies: [], digest: EMPTY_DIGEST, last: whole, order: UNSEEN_ORDER }
  return { ...cursor, open: { ...rest, ...again, ordered: whole !== null && isOrdered(open.order) } }
}

export function isOrdered(order: ListOrder): boolean {
  return order.by_activity || order.by_creation
}

/** The cursor after the API refused a link. A lost token costs one walk over this channel (reference §2.5). */
export function afterLost(cursor: ChannelCursor, open: OpenRead, lost: number): ChannelCursor | 'unstable' {
  const { link: _, ...rest } = cursor
  const [first, ...others] = open.replies
  // From the thread's first page; if that is what is lost, the thread is gone, and the phase finds out.
  if (first?.next !== undefined) return { ...cursor, open: { ...open, replies: [{ root: first.root }, ...others] } }
  if (open.phase === 'list') return nextWalk(cursor, open, null)
  if (lost > MAX_LOST) return { ...rest, open: openPhase('list', open.until) }
  if (open.phase === 'history') return { ...cursor, open: openPhase('history', open.until) }
  return { ...rest, open: openPhase('begin', open.until) }
}
