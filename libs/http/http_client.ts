import { setMaxListeners } from 'node:events'
import { isParleyError, type ParleyError } from '../connect/error.ts'
import { sendAttempt } from './attempt.ts'
import { Dispatchers } from './dispatchers.ts'
import { Exchange } from './exchange.ts'
import { HttpStatusError } from './http_status_error.ts'
import { type Grant, Limiter } from './limiter.ts'
import { MalformedResponseError } from './malformed_response_error.ts'
import { MemoryBudget } from './memory_budget.ts'
import { createRedactor } from './redaction.ts'
import { nextTryMs, refusalPauseMs } from './retry_timing.ts'
import { SourceThrottledError } from './source_throttled_error.ts'
import { SourceUnavailableError } from './source_unavailable_error.ts'
import { steadyClock } from './steady_clock.ts'
import type { BucketFact, HttpClient, HttpClientOptions, HttpRequest, HttpResponse, Verdict } from './types.ts'
import { judge } from './verdict.ts'

const DEFAULTS = {
  redactor: createRedactor(),
  maxConcurrentRequests: 50,
  connectTimeoutSeconds: 10,
  headersTimeoutSeconds: 60,
  bodyTimeoutSeconds: 60,
  attemptTimeoutSeconds: 300,
  maxAttempts: 8,
  retryDelayMs: 500,
  maxRetrySeconds: 600,
  maxThrottleSeconds: 3600,
  maxResponseBytes: 256 * 1024 * 1024,
  userAgent: 'parley-lakehouse',
}

/** Failures that another try may mend. Too large, redirected, not trusted: those it does not. */
const RETRIED_CODES: ReadonlySet<string> = new Set([
  'PARLEY_CONNECT_TIMEOUT',
  'PARLEY_HEADERS_TIMEOUT',
  'PARLEY_BODY_TIMEOUT',
  'PARLEY_ATTEMPT_TIMEOUT',
  'PARLEY_NETWORK',
  'PARLEY_MALFORMED_RESPONSE',
])
/** A grant is given back when fetching credentials took so long that its moment is over; this often at most. */
const MAX_STALE_GRANTS = 5
const STALE_GRANT_MS = 10
/** Characters of a Retry-After that are shown: a date has 29. */
const MAX_RETRY_AFTER = 50

/** Makes a client with its own connections, limiter and memory budget: one per connection of a source. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new Client(options)
}

class Client implements HttpClient {
  readonly #options: typeof DEFAULTS & HttpClientOptions
  readonly #dispatchers: Dispatchers
  readonly #limiter: Limiter
  readonly #closing = new AbortController()

  constructor(options: HttpClientOptions) {
    const steady = { ...options.runtime, now: steadyClock(options.runtime.now) }
    this.#options = { ...DEFAULTS, ...options, runtime: steady }
    const { runtime, maxConcurrentRequests, maxThrottleSeconds, connectTimeoutSeconds } = this.#options
    // Token requests are sent beside the others, so the pools are one larger than the slots.
    this.#dispatchers = new Dispatchers({
      connections: maxConcurrentRequests + 1,
      connectTimeoutMs: connectTimeoutSeconds * 1000,
    })
    this.#limiter = new Limiter({
      runtime,
      maxInFlight: maxConcurrentRequests,
      maxThrottleMs: maxThrottleSeconds * 1000,
      memory: new MemoryBudget(runtime.maxMemoryBytes),
    })
    setMaxListeners(0, this.#closing.signal)
  }

  async request(request: HttpRequest): Promise<HttpResponse> {
    const signal = request.signal ?? this.#closing.signal
    // Hundreds of requests wait on the signal of one run: that is no leak.
    setMaxListeners(0, signal)
    const exchange = new Exchange(request)
    for (;;) {
      signal.throwIfAborted()
      const answer = await this.#attempt(exchange, signal)
      if (answer !== undefined) return answer
    }
  }

  stop(error: Error): void {
    this.#limiter.close(error)
  }

  held(): number {
    return this.#limiter.held
  }

  async close(): Promise<void> {
    this.#closing.abort(new DOMException('The client was closed.', 'AbortError'))
    this.#limiter.close()
    await this.#dispatchers.close()
  }

  /** One attempt with all that belongs to it; `undefined`: try again, the wait is over. */
  async #attempt(exchange: Exchange, signal: AbortSignal): Promise<HttpResponse | undefined> {
    const { grant, credentials } = await this.#turn(exchange, signal)
    let answer: HttpResponse
    try {
      answer = await this.#send(exchange, grant, credentials, signal)
    } catch (error) {
      grant?.abandon()
      if (!isParleyError(error) || !RETRIED_CODES.has(error.code)) throw error
      await this.#failed(exchange, error, error.code, undefined, signal)
      return undefined
    }
    this.#observe(exchange, answer)
    const facts = exchange.request.learn?.(answer) ?? []
    const verdict = judge(exchange.request, answer, this.#options.runtime.now())
    if (verdict.kind === 'throttled') {
      await this.#throttled(exchange, grant, answer, verdict, facts, signal)
      return undefined
    }
    grant?.told(facts)
    // A server error says nothing about the rate.
    if (answer.status >= 500 || verdict.kind === 'fatal') grant?.abandon()
    else grant?.succeeded()
    if (verdict.kind === 'fatal') throw verdict.error
    return this.#conclude(exchange, answer, verdict, credentials, signal)
  }

  /** Credentials and leave to send, with nothing slow between leave and sending. */
  async #turn(
    exchange: Exchange,
    signal: AbortSignal,
  ): Promise<{ grant: Grant | undefined; credentials: Readonly<Record<string, string>> }> {
    const { now } = this.#options.runtime
    let credentials = await exchange.authorize(signal)
    if (exchange.request.outOfBand === true) return { grant: undefined, credentials }
    for (let stale = 0; ; stale++) {
      const grant = await this.#limiter.acquire(exchange.request.buckets ?? [], signal)
      const granted = now()
      try {
        credentials = await exchange.authorize(signal)
      } catch (error) {
        grant.abandon()
        throw error
      }
      if (now() - granted <= STALE_GRANT_MS || stale === MAX_STALE_GRANTS) return { grant, credentials }
      grant.abandon()
    }
  }

  #send(
    exchange: Exchange,
    grant: Grant | undefined,
    credentials: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    exchange.attempts++
    exchange.sentAt = this.#options.runtime.now()
    const { request, url, target, name, fresh } = exchange
    const headers = { 'user-agent': this.#options.userAgent, ...request.headers, ...credentials }
    const { now } = this.#options.runtime
    const { method, body } = request
    const heard = () => grant?.heard()
    return sendAttempt(
      { method, origin: url.origin, target, headers, body, name, fresh, signal, memory: grant?.memory, now, heard },
      this.#dispatchers,
      this.#options,
    )
  }

  #observe(exchange: Exchange, answer: HttpResponse): void {
    this.#options.runtime.observer({
      type: 'request',
      method: exchange.request.method,
      path: this.#options.redactor.text(exchange.path),
      status: answer.status,
      seconds: answer.seconds,
      bytes: answer.bytes,
    })
  }

  async #conclude(
    exchange: Exchange,
    answer: HttpResponse,
    verdict: Exclude<Verdict, { kind: 'throttled' | 'fatal' }>,
    credentials: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<HttpResponse | undefined> {
    const { status, headers } = answer
    if (verdict.kind === 'ok') return answer
    if (verdict.kind === 'malformed') {
      await this.#failed(
        exchange,
        new MalformedResponseError(verdict.what, exchange.name),
        verdict.what,
        undefined,
        signal,
      )
      return undefined
    }
    if (verdict.kind === 'retry') {
      exchange.fresh = verdict.freshConnection === true
      await this.#failed(exchange, this.#statusError(exchange, answer), verdict.reason, verdict.retryAfterMs, signal)
      return undefined
    }
    if (status === 401 && exchange.reject(credentials)) return undefined
    if (exchange.redirect(status, headers.location)) return undefined
    if (status === 404 && exchange.notFound++ < (exchange.request.retryNotFound ?? 0)) {
      await this.#failed(exchange, this.#statusError(exchange, answer), 'status 404', undefined, signal)
      return undefined
    }
    throw this.#statusError(exchange, answer)
  }

  /** Waits before the next attempt. @throws SourceUnavailableError, MalformedResponseError when there is none. */
  async #failed(
    exchange: Exchange,
    error: ParleyError,
    reason: string,
    retryAfterMs: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { runtime, maxAttempts, maxRetrySeconds, retryDelayMs, redactor } = this.#options
    exchange.failures++
    exchange.failedMs += runtime.now() - exchange.sentAt
    const budget = { maxAttempts, maxRetryMs: maxRetrySeconds * 1000, delayMs: retryDelayMs }
    const wait = nextTryMs(exchange.failures, exchange.failedMs, runtime.random(), budget, retryAfterMs)
    if (wait === null) {
      if (error.code === 'PARLEY_MALFORMED_RESPONSE') throw error
      if (error instanceof HttpStatusError && error.status === 404) throw error
      const name = redactor.text(exchange.name)
      throw new SourceUnavailableError(name, exchange.failures, exchange.failedMs / 1000, reason, error)
    }
    exchange.failedMs += wait
    const { method } = exchange.request
    const path = redactor.text(exchange.path)
    runtime.observer({ type: 'retried', method, path, attempt: exchange.failures, reason, wait_seconds: wait / 1000 })
    await runtime.sleep(wait, signal)
  }

  /** A refusal is not a failed attempt. Its bucket is paused for everybody; this request gets in line again. */
  async #throttled(
    exchange: Exchange,
    grant: Grant | undefined,
    answer: HttpResponse,
    verdict: Verdict & { kind: 'throttled' },
    facts: readonly BucketFact[],
    signal: AbortSignal,
  ): Promise<void> {
    const { runtime, maxThrottleSeconds, redactor } = this.#options
    const now = runtime.now()
    exchange.heldSince ??= now
    exchange.refusals++
    exchange.fresh = answer.status === 503
    const own = now + refusalPauseMs(verdict.retryAfterMs, exchange.refusals, runtime.random())
    const pause = grant?.refused(verdict.retryAfterMs, verdict.key, verdict.blameless)
    const untilMs = pause !== undefined && pause.scope !== 'request' ? pause.untilMs : own
    const scope = redactor.text(pause?.scope ?? 'request')
    const said = answer.headers['retry-after']
    const limit = facts.find(({ key }) => key === pause?.scope)?.limit ?? pause?.limit
    const heldSeconds = (untilMs - exchange.heldSince) / 1000
    if (heldSeconds > maxThrottleSeconds) throw new SourceThrottledError(scope, heldSeconds, maxThrottleSeconds)
    runtime.observer({
      type: 'throttled',
      scope,
      method: exchange.request.method,
      path: redactor.text(exchange.path),
      status: answer.status,
      wait_seconds: (untilMs - now) / 1000,
      retry_after: said === undefined ? null : redactor.text(said).slice(0, MAX_RETRY_AFTER),
      ...(limit === undefined ? {} : { limit }),
    })
    if (untilMs === own) await runtime.sleep(untilMs - now, signal)
  }

  #statusError(exchange: Exchange, answer: HttpResponse): HttpStatusError {
    const { status, headers, date } = answer
    const path = this.#options.redactor.text(exchange.path)
    return new HttpStatusError({ status, method: exchange.request.method, path, headers, body: bodyOf(answer), date })
  }
}

/** Error bodies are JSON where the API itself answers, and HTML where something before it does. */
function bodyOf(answer: HttpResponse): unknown {
  try {
    return answer.json()
  } catch {
    return undefined
  }
}
