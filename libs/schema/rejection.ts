import type { RejectedRow } from '../connect/feed.ts'

/** Why a whole row is not taken. A closed list. */
export const rejectionCodes = {
  key_missing: 'a primary key is absent or null',
  key_misfit:
    'a primary key does not fit its column, or holds U+0000 or a lone surrogate: two keys that differ in them only would become one',
  required_missing: 'a required column is absent or null',
  required_misfit: 'the value of a required column does not fit it',
  not_an_object: 'the row itself is not a JSON object',
} as const

export type RejectionCode = keyof typeof rejectionCodes

/** A row that was not taken, with the row as JSON text: source fields and added ones together. */
export interface Rejection extends RejectedRow {
  code: RejectionCode
}
