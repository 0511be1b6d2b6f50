import { ParleyError } from '../connect/error.ts'

/** The connection failed or broke: refused, reset, closed inside the body, name not found. Asked again. */
export class NetworkError extends ParleyError {
  readonly code = 'PARLEY_NETWORK'
  readonly kind = 'source'

  /** `reason`: the system's or undici's code, `ECONNRESET`, `UND_ERR_SOCKET` … */
  constructor(origin: string, reason: string) {
    super(`The connection to ${origin} failed (${reason}).`, {
      remedy: 'Check the address, the network and the proxy settings.',
      details: { origin, reason },
    })
  }
}
