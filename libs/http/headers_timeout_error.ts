import { ParleyError } from '../connect/error.ts'

/** The server took the request and sent no first byte in time. Asked again; see SourceUnavailableError. */
export class HeadersTimeoutError extends ParleyError {
  readonly code = 'PARLEY_HEADERS_TIMEOUT'
  readonly kind = 'source'

  constructor(origin: string, seconds: number) {
    super(`${origin} did not begin to answer within ${seconds} s.`, {
      remedy: 'Try again later, or raise headers_timeout_seconds.',
      details: { origin, seconds },
    })
  }
}
