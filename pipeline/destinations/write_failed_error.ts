import { ParleyError } from '../../libs/connect/error.ts'

/** A unit could not be stored: disk full, file removed, no permission. Its transaction was rolled back. */
export class WriteFailedError extends ParleyError {
  readonly code = 'PARLEY_WRITE_FAILED'
  readonly kind = 'configuration'

  constructor(cause: unknown) {
    super(`The destination could not store a unit: ${cause instanceof Error ? cause.message : String(cause)}`, {
      remedy:
        'Mend what the message names (free space on the disk, permissions) and run again: what was stored before stays, the rest is read again.',
      cause,
    })
  }
}
