import { isParleyError } from '../connect/error.ts'
import type { AttemptLimits } from './attempt.ts'
import { BodyTimeoutError } from './body_timeout_error.ts'
import { CertificateError } from './certificate_error.ts'
import { ConnectTimeoutError } from './connect_timeout_error.ts'
import { HeadersTimeoutError } from './headers_timeout_error.ts'
import { NetworkError } from './network_error.ts'

/** OpenSSL's and Node's codes for a certificate that is not trusted. */
const CERTIFICATE = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Codes of sockets, of name look-up, of the HTTP parser, of TLS and of undici. */
const NETWORK = /^(E[A-Z_]+|HPE_[A-Z_]+|ERR_SSL_[A-Z0-9_]+|ERR_TLS_[A-Z0-9_]+|UND_ERR_[A-Z0-9_]+)$/

/**
 * Turns what undici throws into a coded error. The original stays out of it: its text may quote the request.
 * An error without such a code is a mistake of ours and is handed on as it is.
 */
export function explainFailure(error: unknown, origin: string, limits: AttemptLimits): unknown {
  if (isParleyError(error)) return error
  const code = codeOf(error)
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new ConnectTimeoutError(origin, limits.connectTimeoutSeconds)
    case 'UND_ERR_HEADERS_TIMEOUT':
      return new HeadersTimeoutError(origin, limits.headersTimeoutSeconds)
    case 'UND_ERR_BODY_TIMEOUT':
      return new BodyTimeoutError(origin, limits.bodyTimeoutSeconds)
    case 'UND_ERR_INVALID_ARG':
    case undefined:
      return error
  }
  if (CERTIFICATE.has(code)) return new CertificateError(origin, code)
  return NETWORK.test(code) ? new NetworkError(origin, code) : error
}

/** The code of an error or of what caused it; happy eyeballs hide it in an AggregateError. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; depth++) {
    const { code } = at as NodeJS.ErrnoException
    if (typeof code === 'string') return code
    // undici's parser gives no code for some of what it cannot read.
    if (at.name === 'HTTPParserError') return 'HPE_INVALID'
    at = at instanceof AggregateError ? at.errors[0] : at.cause
  }
  return undefined
}
