import { ParleyError } from '../../../libs/connect/error.ts'

/** The DuckDB file cannot be opened: no such folder, no permission, not a DuckDB file, or a newer one. */
export class DestinationUnavailableError extends ParleyError {
  readonly code = 'PARLEY_DESTINATION_UNAVAILABLE'
  readonly kind = 'configuration'

  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path} cannot be opened as a DuckDB file: ${reason}`, {
      remedy: 'Give --destination a path in a folder that exists and may be written, and a file that this DuckDB made.',
      details: { path },
      cause,
    })
  }
}
