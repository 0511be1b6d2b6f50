import { ParleyError } from '../../../libs/connect/error.ts'

/** Rows of the quarantine are to be put into a table that was renamed or dropped. */
export class TargetMissingError extends ParleyError {
  readonly code = 'PARLEY_TARGET_MISSING'
  readonly kind = 'configuration'

  constructor(table: string) {
    super(`Table ${table} is not in the destination any more: nothing was replayed.`, {
      remedy: 'Run `parley sync`, which makes it again and reads it from the beginning; then replay.',
      details: { table },
    })
  }
}
