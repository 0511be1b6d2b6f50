import { ParleyError } from '../../../libs/connect/error.ts'

/** Another process has the DuckDB file open; DuckDB lets one process in at a time. */
export class DestinationLockedError extends ParleyError {
  readonly code = 'PARLEY_DESTINATION_LOCKED'
  readonly kind = 'locked'

  constructor(path: string, holder: string, cause: unknown) {
    super(`${path} is open in another process: ${holder}.`, {
      remedy: 'Close that program and run again, or run with --wait-lock, which waits until the file is free.',
      details: { path, holder },
      cause,
    })
  }
}
