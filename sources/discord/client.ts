import type { Instant } from '../../libs/connect/instant.ts'
import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { Closable, Runtime } from '../../libs/connect/source.ts'
import { createHttpClient } from '../../libs/http/http_client.ts'
import { HttpStatusError } from '../../libs/http/http_status_error.ts'
import { httpClientOptions } from '../../libs/http/options.ts'
import { createRedactor, type Redactor } from '../../libs/http/redaction.ts'
import type { Bucket, HttpClient, HttpRequest, HttpResponse, Verdict } from '../../libs/http/types.ts'
import { accountOf } from './client/account.ts'
import { classifyAnswer } from './client/answers.ts'
import { discordErrorOf } from './client/discord_errors.ts'
import { type InvalidRequests, invalidRequestsOf, MOST_INVALID } from './client/invalid_requests.ts'
import { RouteLimits } from './client/limits.ts'
import { classifyRefusal, scopeOf } from './client/refusals.ts'
import { requestUrl } from './client/request_url.ts'
import { routeOf } from './client/routes.ts'
import { botToken } from './client/token.ts'
import type { DiscordApi, DiscordCall, DiscordQuery, DiscordResponse } from './client/types.ts'
import { USER_AGENT } from './client/user_agent.ts'
import { DiscordInvalidRequestsError } from './errors/invalid_requests_error.ts'
import { options as declared } from './options.ts'

export type { DiscordApi, DiscordCall, DiscordQuery, DiscordResponse } from './client/types.ts'

/** An id from a list may not be known to every server yet: Discord is eventually consistent (reference discord §1). */
const NOT_FOUND_RETRIES = 3

/** Discord's REST API v10 as a bot: limits, retries and errors of one connection. */
export class DiscordClient implements DiscordApi, Closable {
  readonly #http: HttpClient
  readonly #runtime: Runtime
  readonly #redactor: Redactor
  readonly #origin: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #limits: RouteLimits
  readonly #invalid: InvalidRequests
  lastDate: Instant | undefined

  /** Makes no request. @throws OptionInvalidError for a token that cannot be one. */
  constructor(options: ResolvedOptions, runtime: Runtime) {
    const token = botToken(options.bot_token)
    this.#redactor = createRedactor([token])
    this.#origin = String(options.discord_base_url ?? declared.discord_base_url.default)
    this.#invalid = invalidRequestsOf(this.#origin, accountOf(options))
    this.#limits = new RouteLimits(
      Number(options.global_requests_per_second ?? declared.global_requests_per_second.default),
    )
    this.#headers = { accept: 'application/json', authorization: `Bot ${token}` }
    this.#runtime = runtime
    this.#http = createHttpClient({
      ...httpClientOptions(options, runtime, this.#redactor, declared),
      userAgent: USER_AGENT,
    })
  }

  /**
   * `get(['channels', id, 'messages'], { limit: 100, after: '0' }, call)`. Segments and values are percent-encoded here.
   * @throws DiscordError for an answer about this request, errors of the HTTP client.
   */
  async get(path: readonly string[], query: DiscordQuery, call: DiscordCall): Promise<DiscordResponse> {
    const route = routeOf('GET', path)
    const buckets = this.#limits.bucketsFor(route)
    const { key } = buckets[0]
    const request: HttpRequest = {
      method: 'GET',
      url: requestUrl(this.#origin, path, query),
      headers: this.#headers,
      signal: call.signal,
      buckets,
      learn: (answer) => this.#limits.learn(route, key, answer),
      classify: (answer) => this.#classify(answer, key),
      check: (json) => checkShape(json, call.expect),
      retryNotFound: call.retryNotFound === true ? NOT_FOUND_RETRIES : 0,
    }
    try {
      const { json, headers, bytes, date } = await this.#http.request(request)
      this.lastDate = date ?? this.lastDate
      return { body: json(), headers, date, bytes }
    } catch (error) {
      if (!(error instanceof HttpStatusError)) throw error
      // A refusal tells the time as well.
      this.lastDate = error.date ?? this.lastDate
      const known = discordErrorOf(error, this.#redactor)
      if (known.endsRun) this.#http.stop(known)
      throw known
    }
  }

  /** The limits that a GET counts against, as far as they are known. Makes no request. */
  limitsOf(path: readonly string[]): readonly Bucket[] {
    return this.#limits.bucketsFor(routeOf('GET', path))
  }

  held(): number {
    return this.#http.held()
  }

  async close(): Promise<void> {
    await this.#http.close()
  }

  #classify(answer: HttpResponse, key: string): Verdict | undefined {
    const now = this.#runtime.now()
    const { status } = answer
    const verdict = status === 429 ? classifyRefusal(answer, key, now) : classifyAnswer(answer, now)
    const invalid = status === 401 || status === 403 || (status === 429 && scopeOf(answer) !== 'shared')
    const spent = invalid ? this.#countInvalid(now) : undefined
    if (verdict?.kind !== 'fatal') return spent === undefined ? verdict : { kind: 'fatal', error: spent }
    this.#http.stop(verdict.error)
    return verdict
  }

  /** Counts an answer that Discord counts against the address. The error, when there may be no more of them. */
  #countInvalid(now: number): DiscordInvalidRequestsError | undefined {
    const standing = this.#invalid.add(now)
    if (standing === 'fine') return undefined
    const error = new DiscordInvalidRequestsError(this.#invalid.count(now), MOST_INVALID, this.#invalid.recoversAt(now))
    if (standing === 'spent') {
      this.#http.stop(error)
      return error
    }
    const { code, message, details } = error
    const warning = `${message} Parley stops before that. Leave out the channels that the bot may not read, or let it read them.`
    this.#runtime.observer({ type: 'warning', code, message: warning, details })
    return undefined
  }
}

function checkShape(json: unknown, expect: DiscordCall['expect']): string | undefined {
  if (typeof json !== 'object' || json === null) return 'JSON, but neither an object nor a list'
  if (expect === undefined || Array.isArray(json) === (expect === 'array')) return undefined
  return expect === 'array' ? 'no list' : 'a list in place of an object'
}
