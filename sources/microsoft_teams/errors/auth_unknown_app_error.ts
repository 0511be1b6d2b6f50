import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS700016: no such app in this tenant. */
export class AuthUnknownAppError extends AuthError {
  readonly code = 'PARLEY_AUTH_UNKNOWN_APP'

  constructor(init: AuthErrorInit) {
    super(
      'The app is not known in this tenant.',
      'Check client_id and tenant_id, and that an administrator of the tenant has consented to the app.',
      init,
    )
  }
}
