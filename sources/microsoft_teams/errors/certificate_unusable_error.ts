import { ParleyError } from '../../../libs/connect/error.ts'

/** `client_certificate` cannot be used as it is. The text itself stays out of the message. */
export class CertificateUnusableError extends ParleyError {
  readonly code = 'PARLEY_CERTIFICATE_UNUSABLE'
  readonly kind = 'configuration'

  /** `why`: `has no private key` … */
  constructor(why: string) {
    super(`client_certificate ${why}.`, {
      remedy: 'Set client_certificate to a certificate and its unencrypted private key in PEM, one after the other.',
    })
  }
}
