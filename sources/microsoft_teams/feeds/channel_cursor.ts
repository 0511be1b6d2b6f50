import { CursorInvalidError } from '../../../libs/connect/cursor_invalid_error.ts'
import type { Cursor } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { Json, JsonObject } from '../../../libs/connect/json.ts'
import { EMPTY_DIGEST, parseExportCursor, seenUntil } from './export_cursor.ts'

/**
 * Where a channel goes on that is read by delta or list. Shares `s` and `t` with the cursors of the export, so that
 * modes hand over by time: every change with a time in [s, t) has been seen; `t` is null in a first read.
 */
export interface ChannelCursor extends Cursor {
  v: 2
  s: Instant
  t: Instant | null
  /** The deltaLink that the next round begins with. */
  link?: string
  /** A read that has not ended. */
  open?: OpenRead
  /** A step of this read left rows out behind end_date: a token would skip them. */
  bounded?: true
}

/**
 * `begin`: a first delta round, only for the token that what follows leans on. `history`: a walk over the list, behind
 * that token. `round`: a delta round, from `link` or by time. `list`: a walk without token, which has to prove itself.
 */
export type Phase = 'begin' | 'history' | 'round' | 'list'

export interface OpenRead extends JsonObject {
  phase: Phase
  /** The ceiling of the run that began the phase: what the read may claim when it ends. */
  until: Instant
  /** Pages of the phase so far. */
  pages: number
  /** Threads whose replies did not fit into the page: read before anything else. */
  replies: PendingReplies[]
  /** `list`, `history`: 1 for the first walk. */
  walk: number
  /** `list`: order-free digest of this walk's rows, and of the whole walk before. `history`: of its old threads' keys. */
  digest: string
  last: string | null
  /** What the pages have shown of the list's order. */
  order: ListOrder
  /** Link of the next page of the phase. */
  next?: string
}

export interface PendingReplies extends JsonObject {
  root: string
  /** Absent: from the first page of the thread's replies. */
  next?: string
}

/** Whether every thread so far came behind the one before it, by last activity and by creation; and the last one's times. */
export interface ListOrder extends JsonObject {
  by_activity: boolean
  by_creation: boolean
  activity: Instant
  creation: Instant
}

export const CHANNEL_CURSOR_VERSION = 2

export const UNSEEN_ORDER: ListOrder = {
  by_activity: true,
  by_creation: true,
  activity: Number.MAX_SAFE_INTEGER,
  creation: Number.MAX_SAFE_INTEGER,
}

/** The first step of a phase. */
export function openPhase(phase: Phase, until: Instant): OpenRead {
  return { phase, until, pages: 0, replies: [], walk: 1, digest: EMPTY_DIGEST, last: null, order: UNSEEN_ORDER }
}

/** Reads a stored cursor of any read mode. @throws CursorInvalidError on one that this release does not know */
export function parseChannelCursor(cursor: Cursor): ChannelCursor {
  if (cursor.v !== CHANNEL_CURSOR_VERSION || !isChannelCursor(cursor)) return fromExport(cursor)
  const { s, t, link, open } = cursor
  return {
    v: 2,
    s: s as Instant,
    t: isInstant(t) ? t : null,
    ...(typeof link === 'string' ? { link } : {}),
    ...(open === undefined ? {} : { open: parseOpen(cursor, open) }),
    ...(cursor.bounded === true ? { bounded: true } : {}),
  }
}

const isChannelCursor = (cursor: Cursor) =>
  isInstant(cursor.s) && !('todo' in cursor) && (isInstant(cursor.t) || cursor.open !== undefined)

/** A cursor of the export: its time is what counts. */
function fromExport(cursor: Cursor): ChannelCursor {
  const exported = parseExportCursor(cursor)
  return { v: 2, s: exported.s, t: seenUntil(exported) }
}

function parseOpen(cursor: Cursor, open: Json): OpenRead {
  const given = (typeof open === 'object' ? open : {}) as JsonObject
  const { phase, until } = given
  if (!PHASES.includes(phase as Phase) || !isInstant(until))
    throw new CursorInvalidError(cursor, CHANNEL_CURSOR_VERSION)
  return { ...openPhase(phase as Phase, until), ...given } as OpenRead
}

const PHASES: readonly Phase[] = ['begin', 'history', 'round', 'list']

function isInstant(value: Json | undefined): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value)
}
