import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS700027: the signature does not belong to a certificate of the app. */
export class AuthBadAssertionError extends AuthError {
  readonly code = 'PARLEY_AUTH_BAD_ASSERTION'

  constructor(init: AuthErrorInit) {
    super(
      'The certificate is not one of this app, or does not belong to its key.',
      'Upload the certificate to the app registration, and give client_certificate its own private key.',
      init,
    )
  }
}
