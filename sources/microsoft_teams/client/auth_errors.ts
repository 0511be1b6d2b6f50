import { AuthBadAssertionError } from '../errors/auth_bad_assertion_error.ts'
import { AuthConditionalAccessError } from '../errors/auth_conditional_access_error.ts'
import type { AuthError, AuthErrorInit } from '../errors/auth_error.ts'
import { AuthExpiredSecretError } from '../errors/auth_expired_secret_error.ts'
import { AuthFailedError } from '../errors/auth_failed_error.ts'
import { AuthInvalidScopeError } from '../errors/auth_invalid_scope_error.ts'
import { AuthInvalidSecretError } from '../errors/auth_invalid_secret_error.ts'
import { AuthNoCredentialError } from '../errors/auth_no_credential_error.ts'
import { AuthUnknownAppError } from '../errors/auth_unknown_app_error.ts'
import { AuthUnknownTenantError } from '../errors/auth_unknown_tenant_error.ts'

/** By Entra's number (reference §6). The class is the meaning: texts change. */
const BY_NUMBER: ReadonlyMap<number, new (init: AuthErrorInit) => AuthError> = new Map<
  number,
  new (
    init: AuthErrorInit,
  ) => AuthError
>([
  [7000215, AuthInvalidSecretError],
  [7000222, AuthExpiredSecretError],
  [700016, AuthUnknownAppError],
  [90002, AuthUnknownTenantError],
  [70011, AuthInvalidScopeError],
  [7000218, AuthNoCredentialError],
  [700027, AuthBadAssertionError],
  [53003, AuthConditionalAccessError],
])

/** The error that an answer of the token endpoint stands for. `body` is its parsed JSON, or whatever came instead. */
export function authErrorOf(status: number, body: unknown): AuthError {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const init: AuthErrorInit = { error: text(fields.error) ?? '', number: numberOf(fields), status }
  const traceId = text(fields.trace_id)
  const correlationId = text(fields.correlation_id)
  if (traceId !== undefined) init.traceId = traceId
  if (correlationId !== undefined) init.correlationId = correlationId
  const Meaning = BY_NUMBER.get(init.number ?? 0) ?? AuthFailedError
  return new Meaning(init)
}

/** `error_codes[0]`; some gateways drop it, and then the documented number at the head of the description is left. */
function numberOf(fields: Record<string, unknown>): number | undefined {
  const codes = Array.isArray(fields.error_codes) ? fields.error_codes : []
  const known = codes.find((code) => BY_NUMBER.has(code)) ?? codes[0]
  if (typeof known === 'number') return known
  const [, written] = /^AADSTS(\d+)\b/.exec(text(fields.error_description) ?? '') ?? []
  return written === undefined ? undefined : Number(written)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
