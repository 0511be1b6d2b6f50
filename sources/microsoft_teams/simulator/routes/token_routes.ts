import type { Exchange, Reply, Route } from '../../../../libs/simulator/exchange.ts'
import type { Context } from '../context.ts'
import { checkAssertion } from './client_assertion.ts'
import { type TokenFailure, tokenError } from './token_error.ts'

/** `POST /{tenant}/oauth2/v2.0/token` and the two documents that authentication libraries look up first. */
export function tokenRoutes(context: Context): Route[] {
  return [
    {
      name: 'token',
      method: 'POST',
      pattern: '/:tenant/oauth2/v2.0/token',
      handle: (exchange) => answerToken(context, exchange),
    },
    {
      name: 'openid_configuration',
      method: 'GET',
      pattern: '/:tenant/v2.0/.well-known/openid-configuration',
      handle: (exchange) => openidConfiguration(exchange, exchange.params.tenant!),
    },
    { name: 'discovery', method: 'GET', pattern: '/common/discovery/instance', handle: discovery },
  ]
}

function answerToken(context: Context, exchange: Exchange): Reply {
  const form = new URLSearchParams(exchange.body.toString('utf8'))
  const failure = checkRequest(context, exchange, form)
  if (failure) return tokenError(exchange, failure)
  const seconds = context.settings.tokenSeconds
  const access_token = context.access.issue(exchange.at + seconds * 1000, context.settings.tokenRequests)
  const body = { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token }
  return { status: 200, headers: { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' }, body }
}

function checkRequest(context: Context, exchange: Exchange, form: URLSearchParams): TokenFailure | undefined {
  const { tenant, access } = context
  const asked = exchange.params.tenant!.toLowerCase()
  if (asked !== tenant.id && asked !== tenant.domain) {
    const text = `Tenant '${exchange.params.tenant}' not found. Check that it is the tenant ID or a verified domain of the right cloud.`
    return { status: 400, error: 'invalid_request', code: 90002, text }
  }
  const grant = form.get('grant_type')
  if (grant !== 'client_credentials') {
    return {
      status: 400,
      error: 'unsupported_grant_type',
      code: 70003,
      text: `The app requested an unsupported grant type '${grant ?? ''}'.`,
    }
  }
  const basic = basicCredentials(exchange)
  const id = basic?.id ?? form.get('client_id') ?? ''
  if (id.toLowerCase() !== access.clientId) {
    const text = `Application with identifier '${id}' was not found in the directory '${asked}'. The app may not be installed in the tenant, or the request went to the wrong tenant.`
    return { status: 400, error: 'unauthorized_client', code: 700016, text }
  }
  const scope = form.get('scope') ?? ''
  if (!isGraphScope(scope, exchange.origin)) {
    const text = `The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`
    return { status: 400, error: 'invalid_scope', code: 70011, text }
  }
  return checkProof(context, exchange, form, basic?.secret ?? form.get('client_secret'))
}

function checkProof(
  context: Context,
  exchange: Exchange,
  form: URLSearchParams,
  secret: string | null,
): TokenFailure | undefined {
  const { tenant, access } = context
  const assertion = form.get('client_assertion')
  if (
    assertion !== null &&
    form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  ) {
    const wrong = checkAssertion(assertion, {
      clientId: access.clientId,
      tenants: [tenant.id, tenant.domain],
      now: exchange.at,
    })
    return wrong === undefined
      ? undefined
      : { status: 401, error: 'invalid_client', code: 700027, text: `Client assertion failed validation: ${wrong}.` }
  }
  if (!secret) {
    return {
      status: 401,
      error: 'invalid_client',
      code: 7000218,
      text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    }
  }
  if (secret === access.clientSecret) return undefined
  const text = `Invalid client secret provided. Send the value of the secret, not its ID, for a secret added to app '${access.clientId}'.`
  return { status: 401, error: 'invalid_client', code: 7000215, text }
}

function basicCredentials(exchange: Exchange): { id: string; secret: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s)
  return { id: decodeForm(id), secret: decodeForm(secret) }
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** The Graph host of any cloud, or the simulator itself. */
function isGraphScope(scope: string, origin: string): boolean {
  const hosts = [
    'https://graph.microsoft.com',
    'https://graph.microsoft.us',
    'https://dod-graph.microsoft.us',
    'https://microsoftgraph.chinacloudapi.cn',
    origin,
  ]
  return hosts.some((host) => scope === `${host}/.default` || scope === `${host}//.default`)
}

function openidConfiguration(exchange: Exchange, tenant: string): Reply {
  const base = `${exchange.origin}/${tenant}`
  const body = {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    issuer: `${base}/v2.0`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token', 'token'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
  return { status: 200, body }
}

function discovery(exchange: Exchange): Reply {
  const host = new URL(exchange.origin).host
  const metadata = [{ preferred_network: host, preferred_cache: host, aliases: [host] }]
  const tenant_discovery_endpoint = `${exchange.origin}/common/v2.0/.well-known/openid-configuration`
  return { status: 200, body: { tenant_discovery_endpoint, 'api-version': '1.1', metadata } }
}
