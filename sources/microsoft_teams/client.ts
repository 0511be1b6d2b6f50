import type { Instant } from '../../libs/connect/instant.ts'
import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { Closable, Runtime } from '../../libs/connect/source.ts'
import { createHttpClient } from '../../libs/http/http_client.ts'
import { HttpStatusError } from '../../libs/http/http_status_error.ts'
import { httpClientOptions } from '../../libs/http/options.ts'
import { assertSameOrigin } from '../../libs/http/paging.ts'
import { createRedactor, type Redactor } from '../../libs/http/redaction.ts'
import { steadyClock } from '../../libs/http/steady_clock.ts'
import type { HttpClient, HttpRequest } from '../../libs/http/types.ts'
import { TokenProvider } from './auth.ts'
import { type CloudName, type Endpoints, endpointsOf } from './client/clouds.ts'
import { graphErrorOf } from './client/graph_errors.ts'
import { GraphSeam } from './client/graph_seam.ts'
import { identityOf } from './client/identity.ts'
import { bucketsFor } from './client/limits.ts'
import { MsalTokens } from './client/msal.ts'
import type { GraphApi, GraphCall, GraphQuery, GraphResponse } from './client/types.ts'

export type { ThrottleRow } from './client/limits.ts'
export type { GraphApi, GraphCall, GraphQuery, GraphResponse } from './client/types.ts'

/** On every request: without it, newer members of enums read `unknownFutureValue` (reference §2.2). */
const HEADERS = { accept: 'application/json', prefer: 'include-unknown-enum-members' }
/** "Retry 404 on known ids before believing it" (reference §4). */
const NOT_FOUND_RETRIES = 3

/** Microsoft Graph v1.0 as an app without a user: tokens, limits, retries and errors of one connection. */
export class GraphClient implements GraphApi, Closable {
  readonly #http: HttpClient
  readonly #seam: GraphSeam
  readonly #tokens: TokenProvider
  readonly #redactor: Redactor
  readonly #endpoints: Endpoints
  /** Limits hold per app and tenant. */
  readonly #account: string
  readonly #closing = new AbortController()
  lastDate: Instant | undefined

  /** Makes no request. @throws AuthNoCredentialError, CertificateUnusableError, OptionInvalidError */
  constructor(options: ResolvedOptions, runtime: Runtime) {
    const { graph_base_url, login_base_url, client_secret, client_certificate, anonymize_key } = options as Record<
      string,
      string | undefined
    >
    this.#endpoints = endpointsOf((options.cloud ?? 'global') as CloudName, graph_base_url, login_base_url)
    const identity = identityOf(options, this.#endpoints)
    this.#account = `${identity.tenantId}/${identity.clientId}`
    this.#redactor = createRedactor([client_secret, client_certificate, anonymize_key])
    this.#http = createHttpClient(httpClientOptions(options, runtime, this.#redactor))
    this.#seam = new GraphSeam(this.#endpoints.graph)
    const source = new MsalTokens(identity, this.#http, this.#closing.signal)
    this.#tokens = new TokenProvider(source, { now: steadyClock(runtime.now) }, this.#redactor)
  }

  /**
   * `get(['teams', id, 'channels'], { $select: 'id' }, call)`. Segments and values are percent-encoded here.
   * @throws GraphError for an answer about this request, ForeignLinkError for a link to another origin in the answer,
   *   AuthError, errors of the HTTP client.
   */
  async get(path: readonly string[], query: GraphQuery, call: GraphCall): Promise<GraphResponse> {
    const { url, headers } = await this.#seam.build(path, query, { ...HEADERS, ...call.headers })
    return this.#send(url, headers, call)
  }

  /**
   * Follows a link exactly as Graph wrote it: what it says about paging is Graph's business (reference §7).
   * @throws ForeignLinkError for another origin, before anything is sent; else as `get`.
   */
  async follow(link: string, call: GraphCall): Promise<GraphResponse> {
    return this.#send(this.#resolve(link), { ...HEADERS, ...call.headers }, call)
  }

  /** False for a link of another origin, as cursors hold from before the base URL was changed: that place is lost. */
  canFollow(link: string): boolean {
    try {
      return this.#resolve(link) !== ''
    } catch {
      return false
    }
  }

  held(): number {
    return this.#http.held()
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException('The connection was closed.', 'AbortError'))
    await this.#http.close()
  }

  /** @throws ForeignLinkError */
  #resolve(link: string): string {
    const url = link.startsWith('/') && !link.startsWith('//') ? this.#endpoints.graph + link : link
    assertSameOrigin(url, [this.#endpoints.graph])
    return url
  }

  async #send(url: string, headers: Readonly<Record<string, string>>, call: GraphCall): Promise<GraphResponse> {
    const request: HttpRequest = {
      method: 'GET',
      url,
      headers,
      signal: call.signal,
      buckets: bucketsFor(this.#account, call),
      authorize: (info) => this.#tokens.authorize(info),
      check: (json) => checkEnvelope(json, call.expect),
      retryNotFound: call.retryNotFound === true ? NOT_FOUND_RETRIES : 0,
    }
    try {
      const { json, bytes, date } = await this.#http.request(request)
      this.lastDate = date ?? this.lastDate
      const body = json() as Record<string, unknown>
      // Before anybody stores them: a cursor with a link that must not be followed would be stuck for ever.
      for (const link of pageLinks(body)) this.#resolve(link)
      return { body, bytes, date }
    } catch (error) {
      if (!(error instanceof HttpStatusError)) throw error
      // A refusal tells the time as well.
      this.lastDate = error.date ?? this.lastDate
      throw graphErrorOf(error, this.#redactor)
    }
  }
}

/** Links that say where a list goes on. Samples of the reference vary in the case of names. */
function pageLinks(body: Record<string, unknown>): string[] {
  const links: string[] = []
  for (const [name, link] of Object.entries(body)) {
    if (typeof link === 'string' && link !== '' && /^@odata\.(next|delta)link$/i.test(name)) links.push(link)
  }
  return links
}

function checkEnvelope(json: unknown, expect: GraphCall['expect']): string | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'JSON, but no object'
  if ('error' in json && !('value' in json) && !('id' in json)) return 'an error under the status of a success'
  if (expect === 'collection' && !Array.isArray((json as { value?: unknown }).value)) return 'a list without a value'
  return undefined
}
