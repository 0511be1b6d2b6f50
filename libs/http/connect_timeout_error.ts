import { ParleyError } from '../connect/error.ts'

/** No connection stood in time, TLS included. Asked again; see SourceUnavailableError. */
export class ConnectTimeoutError extends ParleyError {
  readonly code = 'PARLEY_CONNECT_TIMEOUT'
  readonly kind = 'source'

  constructor(origin: string, seconds: number) {
    super(`No connection to ${origin} within ${seconds} s.`, {
      remedy: 'Check the network and the proxy settings, or raise connect_timeout_seconds.',
      details: { origin, seconds },
    })
  }
}
