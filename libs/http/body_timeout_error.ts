import { ParleyError } from '../connect/error.ts'

/** An answer began and then stood still. Asked again; see SourceUnavailableError. */
export class BodyTimeoutError extends ParleyError {
  readonly code = 'PARLEY_BODY_TIMEOUT'
  readonly kind = 'source'

  constructor(origin: string, seconds: number) {
    super(`An answer of ${origin} stood still for ${seconds} s.`, {
      remedy: 'Try again later, or raise body_timeout_seconds.',
      details: { origin, seconds },
    })
  }
}
