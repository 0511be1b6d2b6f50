import { ParleyError } from '../../../libs/connect/error.ts'

/** What the login service said (reference §6). Its description is left out: it names ids, and its texts change. */
export interface AuthErrorInit {
  /** OAuth's `error`: `invalid_client`. */
  error: string
  /** Entra's number, as in AADSTS7000215; undefined where there was none. */
  number: number | undefined
  status: number
  traceId?: string
  correlationId?: string
}

/** The base of every refusal by the login service. All are matters of configuration: asking again changes nothing. */
export abstract class AuthError extends ParleyError {
  readonly kind = 'configuration'
  readonly number: number | undefined

  constructor(message: string, remedy: string, init: AuthErrorInit) {
    const name = init.number === undefined ? init.error || `status ${init.status}` : `AADSTS${init.number}`
    super(`${message} (${name})`, {
      remedy,
      details: {
        status: init.status,
        error: init.error,
        ...(init.number === undefined ? {} : { number: init.number }),
        ...(init.traceId === undefined ? {} : { trace_id: init.traceId }),
        ...(init.correlationId === undefined ? {} : { correlation_id: init.correlationId }),
      },
    })
    this.number = init.number
  }
}
