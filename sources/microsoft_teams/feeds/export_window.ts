import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'

/**
 * A window [a, b) that is still to be read, or is being walked. Export pages by position in a live list (reference
 * §2.6), so one walk of several pages can miss a row that moved; `walk`, `digest` and `last` are what tells.
 */
export interface ExportWindow extends JsonObject {
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
  /** Digest of the team's channels, from a list older than this walk; absent where nobody knows. */
  channels?: string
  /** A row came twice or out of range in this walk. */
  odd: boolean
  /** Link of the next page; absent before the first page of a walk, and behind the last. */
  next?: string
}

export const EMPTY_DIGEST = '0:0'

/** [a, b) before the first page of its first walk. */
export function openWindow(a: Instant, b: Instant): ExportWindow {
  return { a, b, walk: 1, pages: 0, digest: EMPTY_DIGEST, last: null, began: null, odd: false }
}

/** Nothing is lost when the window is cut otherwise: no page of it has been asked for. */
export function isUntouched({ walk, pages, last }: ExportWindow): boolean {
  return walk === 1 && pages === 0 && last === null
}

/** The last page of the walk has come, and its proof has not: see `needsQuietProof`. */
export function awaitsProof({ pages, next }: ExportWindow): boolean {
  return pages > 0 && next === undefined
}

/** The window again from its first page, as if it had not been walked. */
export function reopenWindow({ a, b }: ExportWindow): ExportWindow {
  return openWindow(a, b)
}

/** The next walk over the same window. @param whole the walk before saw its last page */
export function startWalk({ a, b, walk, digest }: ExportWindow, whole = true): ExportWindow {
  return { ...openWindow(a, b), walk: walk + 1, last: whole ? digest : null }
}
