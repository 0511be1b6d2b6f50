import { OptionInvalidError } from '../../../libs/connect/option_invalid_error.ts'
import type { ResolvedOptions } from '../../../libs/connect/options.ts'
import { AuthNoCredentialError } from '../errors/auth_no_credential_error.ts'
import { parseCertificate } from './certificate.ts'
import type { Endpoints } from './clouds.ts'
import type { AppIdentity } from './msal.ts'

/** Names that stand for "any tenant": an app without a user signs in to one (reference §6). */
const ANY_TENANT = new Set(['common', 'organizations', 'consumers'])

/** Who signs in, and where. @throws AuthNoCredentialError, CertificateUnusableError, OptionInvalidError */
export function identityOf(options: ResolvedOptions, endpoints: Endpoints): AppIdentity {
  const { tenant_id, client_id, client_secret, client_certificate } = options as Record<string, string | undefined>
  const tenantId = tenant_id ?? ''
  if (ANY_TENANT.has(tenantId.toLowerCase()) || !/^[\w.-]+$/.test(tenantId)) {
    throw new OptionInvalidError('tenant_id', tenantId, 'the id (a GUID) or a domain of one tenant', 'connection')
  }
  const { login, scope } = endpoints
  return {
    tenantId,
    clientId: client_id ?? '',
    credential: credentialOf(client_secret, client_certificate),
    login,
    scope,
  }
}

/** A certificate is the stronger of the two: where both are set, it is used. */
function credentialOf(secret: string | undefined, certificate: string | undefined): AppIdentity['credential'] {
  if (certificate) return { certificate: parseCertificate(certificate) }
  if (secret) return { secret }
  throw new AuthNoCredentialError({ error: 'no_credential', number: undefined, status: 0 })
}
