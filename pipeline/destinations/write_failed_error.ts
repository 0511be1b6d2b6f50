import { ParleyError } from '../../libs/connect/error.ts'

/** A unit could not be stored: disk full, file removed, no permission. Its transaction was rolled back. */
export class WriteFailedError extends ParleyError {
  readonly code = 'PARLEY_WRITE_FAILED'
  readonly kind = 'configuration'

  constructor(cause: unknown) {
    super(`Rows could not be stored: ${cause instanceof Error ? cause.message : String(cause)}`, {
      remedy:
        'Free space on the disk, or mend what else the message names, and run again: what was stored before stays, the rest is read again.',
      cause,
    })
  }
}
