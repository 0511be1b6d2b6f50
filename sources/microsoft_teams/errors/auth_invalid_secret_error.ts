import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS7000215: the client secret is wrong. */
export class AuthInvalidSecretError extends AuthError {
  readonly code = 'PARLEY_AUTH_INVALID_SECRET'

  constructor(init: AuthErrorInit) {
    super(
      'The client secret is not valid for this app.',
      'Set client_secret to the value, not the id, of a secret that the app registration has now; after a rotation, to the new one.',
      init,
    )
  }
}
