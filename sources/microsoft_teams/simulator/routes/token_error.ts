import type { Exchange, Reply } from '../../../../libs/simulator/exchange.ts'
import { stableGuid } from '../../../../libs/simulator/random.ts'

/** A refusal of the sign-in: OAuth's word for it, and the number after AADSTS. */
export interface TokenFailure {
  status: number
  error: string
  code: number
  text: string
}

export function tokenError(exchange: Exchange, failure: TokenFailure): Reply {
  return { status: failure.status, body: tokenErrorBody(exchange, failure) }
}

export function isTokenPath(path: string): boolean {
  return /\/oauth2\/v2\.0\/token$/i.test(path)
}

/**
 * Body of a fault on the token route, where the sign-in speaks and not Graph: a transient error for 429 and 5xx. A
 * fault's `code` is OAuth's `error`, and `AADSTS…` in its message gives the number.
 */
export function tokenFaultBody(
  exchange: Exchange,
  status: number,
  about: { code?: string; message?: string } = {},
): object {
  const transient = status === 429 || status >= 500
  const error = about.code ?? (transient ? 'temporarily_unavailable' : 'invalid_request')
  const named = /^AADSTS(\d+): ?/.exec(about.message ?? '')
  const code = named ? Number(named[1]) : transient ? 90033 : 50000
  const fallback = transient ? 'A transient error has occurred. Please try again.' : 'The sign-in could not be done.'
  const text = about.message === undefined ? fallback : about.message.slice(named?.[0].length ?? 0)
  return tokenErrorBody(exchange, { status, error, code, text })
}

function tokenErrorBody(exchange: Exchange, { error, code, text }: TokenFailure): object {
  const timestamp = new Date(exchange.at)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
  const trace_id = stableGuid(`trace ${exchange.at} ${code}`)
  const correlation_id = stableGuid(`correlation ${exchange.at} ${code}`)
  const error_description = `AADSTS${code}: ${text}\r\nTrace ID: ${trace_id}\r\nCorrelation ID: ${correlation_id}\r\nTimestamp: ${timestamp}`
  const error_uri = `${exchange.origin}/error?code=${code}`
  return { error, error_description, error_codes: [code], timestamp, trace_id, correlation_id, error_uri }
}
