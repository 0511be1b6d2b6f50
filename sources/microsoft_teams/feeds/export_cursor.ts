import { CursorInvalidError } from '../../../libs/connect/cursor_invalid_error.ts'
import type { Cursor } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { Json } from '../../../libs/connect/json.ts'

/** Read up to `t`: every change with a time in [s, t) has been seen. `s` is where the first window began. */
export interface ClosedCursor extends Cursor {
  v: 1
  s: Instant
  t: Instant
}

/**
 * A window [a, b) that is being walked. Export pages by position in a live list (reference §2.6), so one
 * walk of several pages can miss a row that moved; `walk`, `digest` and `last` are what tells.
 */
export interface OpenCursor extends Cursor {
  v: 1
  s: Instant
  a: Instant
  b: Instant
  /** 1 for the first walk of this window. */
  walk: number
  /** Pages of this walk so far. */
  pages: number
  /** Digest of the rows of this walk so far, order-free. */
  digest: string
  /** Digest of the whole walk before this one; null in the first. */
  last: string | null
  /** The API's clock when this walk began; null before its first answer. */
  began: Instant | null
  /** A row came twice or out of range in this walk. */
  odd: boolean
  /** Ends of the windows that this one was cut into, ascending: bounded, see `export_walk.ts`. */
  cuts: Instant[]
  /** Link of the next page; absent at the first page of a walk. */
  next?: string
}

export type ExportCursor = ClosedCursor | OpenCursor

export const EXPORT_CURSOR_VERSION = 1

/** Reads a stored cursor. @throws CursorInvalidError on one that this release does not know. */
export function parseExportCursor(cursor: Cursor): ExportCursor {
  if (cursor.v !== EXPORT_CURSOR_VERSION) throw new CursorInvalidError(cursor, EXPORT_CURSOR_VERSION)
  const { s, t, a, b } = cursor
  if (isInstant(t)) return { v: 1, s: isInstant(s) ? s : 0, t }
  if (!isInstant(a) || !isInstant(b)) throw new CursorInvalidError(cursor, EXPORT_CURSOR_VERSION)
  const open = openWindow(isInstant(s) ? s : a, a, b)
  return {
    ...open,
    walk: isInstant(cursor.walk) ? cursor.walk : 1,
    pages: isInstant(cursor.pages) ? cursor.pages : 0,
    digest: typeof cursor.digest === 'string' ? cursor.digest : open.digest,
    last: typeof cursor.last === 'string' ? cursor.last : null,
    began: isInstant(cursor.began) ? cursor.began : null,
    odd: cursor.odd === true,
    cuts: Array.isArray(cursor.cuts) ? cursor.cuts.filter(isInstant) : [],
    ...(typeof cursor.next === 'string' ? { next: cursor.next } : {}),
  }
}

export const EMPTY_DIGEST = '0:0'

/** The first page of the first walk over [a, b). */
export function openWindow(s: Instant, a: Instant, b: Instant, cuts: Instant[] = []): OpenCursor {
  return { v: 1, s, a, b, walk: 1, pages: 0, digest: EMPTY_DIGEST, last: null, began: null, odd: false, cuts }
}

export function isOpen(cursor: ExportCursor): cursor is OpenCursor {
  return 'b' in cursor
}

function isInstant(value: Json | undefined): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

/** Everything changed before this has been seen. */
export function seenUntil(cursor: ExportCursor): Instant {
  return isOpen(cursor) ? cursor.a : cursor.t
}
