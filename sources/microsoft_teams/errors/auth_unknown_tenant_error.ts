import { AuthError, type AuthErrorInit } from './auth_error.ts'

/** AADSTS90002: no such tenant in this cloud. */
export class AuthUnknownTenantError extends AuthError {
  readonly code = 'PARLEY_AUTH_UNKNOWN_TENANT'

  constructor(init: AuthErrorInit) {
    super(
      'The tenant does not exist in this cloud.',
      'Check tenant_id, and cloud: a tenant lives in one national cloud.',
      init,
    )
  }
}
