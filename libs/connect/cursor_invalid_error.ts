import { ParleyError } from './error.ts'
import type { Json } from './json.ts'
import { stableStringify } from './json.ts'

/** A stored cursor or offset that this release cannot read: newer than it, or damaged. */
export class CursorInvalidError extends ParleyError {
  readonly code = 'PARLEY_CURSOR_INVALID'
  readonly kind = 'configuration'

  constructor(cursor: Json, newest: number) {
    super(`A stored cursor is not one that this release can read (it knows versions up to ${newest}).`, {
      remedy: 'Use the release that wrote it, or a newer one; or start this partition over by removing its cursor.',
      details: { cursor: stableStringify(cursor).slice(0, 200) },
    })
  }
}
