import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS53003: a policy of the tenant forbids it. */
export class AuthConditionalAccessError extends AuthError {
  readonly code = 'PARLEY_AUTH_CONDITIONAL_ACCESS'

  constructor(init: AuthErrorInit) {
    super(
      'A Conditional Access policy blocks this app.',
      'Ask an administrator to admit the app, or the address it comes from, in the policy.',
      init,
    )
  }
}
