import { ParleyError } from '../connect/error.ts'

/** The server's certificate is not trusted here. Asking again would not change that. */
export class CertificateError extends ParleyError {
  readonly code = 'PARLEY_CERTIFICATE'
  readonly kind = 'configuration'

  constructor(origin: string, reason: string) {
    super(`The certificate of ${origin} is not trusted (${reason}).`, {
      remedy: 'If a private authority signed it, name its PEM file in NODE_EXTRA_CA_CERTS.',
      details: { origin, reason },
    })
  }
}
