import { CursorInvalidError } from '../../../libs/connect/cursor_invalid_error.ts'
import type { Cursor } from '../../../libs/connect/feed.ts'
import type { Instant } from '../../../libs/connect/instant.ts'
import type { Json, JsonObject } from '../../../libs/connect/json.ts'
import { EMPTY_DIGEST, type ExportWindow, openWindow } from './export_window.ts'

export { EMPTY_DIGEST }

/**
 * Every change with a time in [s, t) has been seen, except what lies in the windows of `todo`: at most
 * `MAX_WINDOWS` of them, see `export_plan.ts`. Without `todo` the range is closed.
 */
export interface ExportCursor extends Cursor {
  v: 2
  s: Instant
  t: Instant
  /** Newest first, never empty. */
  todo?: ExportWindow[]
}

export const EXPORT_CURSOR_VERSION = 2

/** The cursor of a range that has been seen, as it is stored. */
export function exportCursor(s: Instant, t: Instant, todo: readonly ExportWindow[] = []): ExportCursor {
  return todo.length === 0 ? { v: 2, s, t } : { v: 2, s, t, todo: [...todo] }
}

/** Everything that changed before this, from the cursor's beginning on, has been seen. */
export function seenUntil(cursor: ExportCursor): Instant {
  return Math.min(cursor.t, ...(cursor.todo ?? []).map(({ a }) => a))
}

/**
 * Reads a stored cursor, of version 1 too, or one that another read mode wrote, of which only the time counts.
 * Where that mode has seen nothing yet (`t` is null), the range [s, s) is empty.
 * @throws CursorInvalidError on one that this release does not know.
 */
export function parseExportCursor(cursor: Cursor): ExportCursor {
  const { v, s, t, todo } = cursor
  const read = v === 1 ? parseVersion1(cursor) : null
  if (read !== null) return read
  if (v !== EXPORT_CURSOR_VERSION || !isInstant(s)) throw new CursorInvalidError(cursor, EXPORT_CURSOR_VERSION)
  if (t === null) return exportCursor(s, s)
  const windows = Array.isArray(todo) ? todo.map(parseWindow) : []
  if (!isInstant(t) || (todo !== undefined && !Array.isArray(todo)) || windows.includes(null)) {
    throw new CursorInvalidError(cursor, EXPORT_CURSOR_VERSION)
  }
  return exportCursor(s, t, windows as ExportWindow[])
}

/** `{s, t}`, or one open window [a, b) with `cuts`: the ends of the windows behind it, which were walked one after the other. */
function parseVersion1(cursor: Cursor): ExportCursor | null {
  const { s, t, a, cuts } = cursor
  if (isInstant(t)) return exportCursor(isInstant(s) ? s : 0, t)
  const open = parseWindow(cursor)
  if (open === null || !isInstant(a)) return null
  const todo = [open]
  for (const end of Array.isArray(cuts) ? cuts.filter(isInstant) : []) {
    const { b } = todo[0]!
    if (end > b) todo.unshift(openWindow(b, end))
  }
  return exportCursor(isInstant(s) ? s : a, todo[0]!.b, todo)
}

function parseWindow(stored: Json): ExportWindow | null {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return null
  const { a, b, walk, pages, digest, last, began, channels, odd, next } = stored as JsonObject
  if (!isInstant(a) || !isInstant(b) || a >= b) return null
  return {
    a,
    b,
    walk: isInstant(walk) ? walk : 1,
    pages: isInstant(pages) ? pages : 0,
    digest: typeof digest === 'string' ? digest : EMPTY_DIGEST,
    last: typeof last === 'string' ? last : null,
    began: isInstant(began) ? began : null,
    odd: odd === true,
    ...(typeof channels === 'string' ? { channels } : {}),
    ...(typeof next === 'string' ? { next } : {}),
  }
}

function isInstant(value: Json | undefined): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value)
}
