import { CursorInvalidError } from './cursor_invalid_error.ts'
import type { Cursor, Generation } from './feed.ts'
import type { Instant } from './instant.ts'
import type { Json } from './json.ts'

/** A partition whose list was read whole at `t`. */
export interface ListedCursor extends Cursor {
  v: 1
  t: Instant
}

/** A walk over a partition's list: generation `g`, `pages` read so far, `previous` whole walk. */
export interface ListingCursor extends Cursor {
  v: 1
  g: Instant
  pages: number
  previous: Instant | null
  next?: string
}

export const SNAPSHOT_CURSOR_VERSION = 1

/**
 * The walk to go on with: an unfinished generation, or a new one that ends at `until`.
 * Null when the partition was already listed at `until`.
 */
export function openListing(cursor: Cursor | null, until: Instant): ListingCursor | null {
  if (cursor === null) return newListing(until, null)
  if (cursor.v !== SNAPSHOT_CURSOR_VERSION) throw new CursorInvalidError(cursor, SNAPSHOT_CURSOR_VERSION)
  if (isInstant(cursor.t)) return cursor.t >= until ? null : newListing(until, cursor.t)
  if (!isInstant(cursor.g) || !isInstant(cursor.pages)) throw new CursorInvalidError(cursor, SNAPSHOT_CURSOR_VERSION)
  if (cursor.g > until) return null
  const previous = isInstant(cursor.previous) ? cursor.previous : null
  if (typeof cursor.next !== 'string') return newListing(until, previous)
  return { v: 1, g: cursor.g, pages: cursor.pages, previous, next: cursor.next }
}

/** The cursor of a partition that was listed whole at `t`. */
export function listedAt(t: Instant): ListedCursor {
  return { v: 1, t }
}

export function newListing(until: Instant, previous: Instant | null): ListingCursor {
  return { v: 1, g: until, pages: 0, previous }
}

/** The cursor and generation after one more page. */
export function afterListingPage(
  cursor: ListingCursor,
  next: string | undefined,
): { cursor: ListingCursor | ListedCursor; generation: Generation } {
  const pages = cursor.pages + 1
  const generation = { id: cursor.g, pages, previous: cursor.previous }
  if (next === undefined) return { cursor: { v: 1, t: cursor.g }, generation }
  return { cursor: { v: 1, g: cursor.g, pages, previous: cursor.previous, next }, generation }
}

function isInstant(value: Json | undefined): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value)
}
