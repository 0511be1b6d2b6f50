import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** Any other refusal by the login service. */
export class AuthFailedError extends AuthError {
  readonly code = 'PARLEY_AUTH_FAILED'

  constructor(init: AuthErrorInit) {
    super(
      'The login service refused the app.',
      'Look up the number in the error list of Microsoft Entra; details hold the trace id.',
      init,
    )
  }
}
