import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS7000222: the client secret was right once. */
export class AuthExpiredSecretError extends AuthError {
  readonly code = 'PARLEY_AUTH_EXPIRED_SECRET'

  constructor(init: AuthErrorInit) {
    super(
      'The client secret has expired.',
      'Create a new secret in the app registration and set client_secret to its value.',
      init,
    )
  }
}
