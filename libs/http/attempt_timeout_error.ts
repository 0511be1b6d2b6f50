import { ParleyError } from '../connect/error.ts'

/** One attempt as a whole took too long: an answer that drips. Asked again; see SourceUnavailableError. */
export class AttemptTimeoutError extends ParleyError {
  readonly code = 'PARLEY_ATTEMPT_TIMEOUT'
  readonly kind = 'source'

  constructor(origin: string, seconds: number) {
    super(`A request to ${origin} was not done after ${seconds} s.`, {
      remedy: 'Try again later, or raise attempt_timeout_seconds.',
      details: { origin, seconds },
    })
  }
}
