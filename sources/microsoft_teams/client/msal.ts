import type { ConfidentialClientApplication } from '@azure/msal-node'
import { HttpStatusError } from '../../../libs/http/http_status_error.ts'
import type { HttpClient } from '../../../libs/http/types.ts'
import { AuthFailedError } from '../errors/auth_failed_error.ts'
import { authErrorOf } from './auth_errors.ts'
import type { ClientCertificate } from './certificate.ts'
import { MsalNetwork } from './msal_network.ts'

export interface AppIdentity {
  tenantId: string
  clientId: string
  credential: { secret: string } | { certificate: ClientCertificate }
  /** Origin of the login service; plain http for a loopback address. */
  login: string
  scope: string
}

export interface FetchedToken {
  value: string
  /** Lifetime as the server states it; random between 60 and 90 minutes in production (reference §6). */
  seconds: number
}

/** The life of a token whose answer does not state it: short, so that it is not relied on. */
const UNSTATED_SECONDS = 300

/**
 * Fetches app tokens with MSAL, one request a call: its own cache knows no single flight and is not used. MSAL is loaded
 * with the first token (some 50 ms), so that commands without one start quickly.
 */
export class MsalTokens {
  readonly #identity: AppIdentity
  readonly #network: MsalNetwork
  #app: Promise<ConfidentialClientApplication> | undefined

  constructor(identity: AppIdentity, http: HttpClient, signal: AbortSignal) {
    this.#identity = identity
    this.#network = new MsalNetwork(http, signal)
  }

  /** Not to be called twice at a time. @throws AuthError when refused; errors of the HTTP client. */
  async fetch(): Promise<FetchedToken> {
    this.#app ??= createApp(this.#identity, this.#network)
    const app = await this.#app
    try {
      await app.acquireTokenByClientCredential({
        scopes: [this.#identity.scope],
        skipCache: true,
        // An environment variable could otherwise send the request to a regional host.
        azureRegion: 'DisableMsalForceRegion',
      })
    } catch (error) {
      throw this.#explain(error)
    }
    // MSAL takes an error answer without an `error` in it for a success.
    const { status, body } = this.#network.answer ?? { status: 0, body: undefined }
    const { access_token, expires_in } = (body ?? {}) as { access_token?: unknown; expires_in?: unknown }
    if (status !== 200 || typeof access_token !== 'string') throw authErrorOf(status, body)
    const seconds = Number(expires_in)
    return { value: access_token, seconds: Number.isFinite(seconds) && seconds > 0 ? seconds : UNSTATED_SECONDS }
  }

  /** MSAL's own errors say less than the answer, and its texts may quote the request. */
  #explain(error: unknown): unknown {
    const { answer, failure } = this.#network
    if (failure instanceof HttpStatusError) return authErrorOf(failure.status, failure.body)
    if (failure !== undefined) return failure
    if (answer !== undefined && answer.status >= 400) return authErrorOf(answer.status, answer.body)
    const code = (error as { errorCode?: unknown } | null)?.errorCode
    if (typeof code !== 'string') return error
    return new AuthFailedError({ error: code, number: undefined, status: answer?.status ?? 0 })
  }
}

/**
 * With the endpoints given, MSAL asks for no discovery document. It insists on https in the authority, also for a
 * loopback address; only the token endpoint is ever asked, and may be plain http (reference/performance.md §5).
 */
async function createApp(identity: AppIdentity, network: MsalNetwork): Promise<ConfidentialClientApplication> {
  const { ConfidentialClientApplication } = await import('@azure/msal-node')
  const { clientId, credential, login } = identity
  const tenant = `${login}/${encodeURIComponent(identity.tenantId)}`
  const tokenEndpoint = `${tenant}/oauth2/v2.0/token`
  return new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: tenant.replace(/^http:/, 'https:'),
      knownAuthorities: [new URL(login).host],
      authorityMetadata: JSON.stringify({
        token_endpoint: tokenEndpoint,
        authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
        jwks_uri: `${tenant}/discovery/v2.0/keys`,
        // MSAL writes this as the audience of a certificate's assertion; Entra wants the token endpoint there.
        issuer: tokenEndpoint,
      }),
      ...('secret' in credential ? { clientSecret: credential.secret } : { clientCertificate: credential.certificate }),
    },
    system: { networkClient: network, disableInternalRetries: true },
  })
}
