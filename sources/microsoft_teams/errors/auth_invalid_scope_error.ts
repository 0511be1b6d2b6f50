import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS70011: the login service does not know the Graph host that the token is for. */
export class AuthInvalidScopeError extends AuthError {
  readonly code = 'PARLEY_AUTH_INVALID_SCOPE'

  constructor(init: AuthErrorInit) {
    super(
      'The login service does not issue tokens for this Graph host.',
      'Check cloud, and that login_base_url and graph_base_url belong to the same cloud.',
      init,
    )
  }
}
