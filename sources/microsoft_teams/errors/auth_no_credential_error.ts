import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS7000218, or seen before asking: there is neither a secret nor a certificate. */
export class AuthNoCredentialError extends AuthError {
  readonly code = 'PARLEY_AUTH_NO_CREDENTIAL'

  constructor(init: AuthErrorInit) {
    super('The app has no credential to sign in with.', 'Set client_secret or client_certificate.', init)
  }
}
