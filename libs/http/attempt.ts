import { AttemptTimeoutError } from './attempt_timeout_error.ts'
import { ACCEPT_ENCODING, type BodyLimits, decodeBody, readBody } from './body.ts'
import type { Dispatchers } from './dispatchers.ts'
import { parseExactJson } from './exact_json.ts'
import { explainFailure } from './failure.ts'
import type { MemoryShare } from './memory_budget.ts'
import { parseHttpDate } from './retry_timing.ts'
import type { HttpResponse } from './types.ts'

export interface AttemptLimits {
  connectTimeoutSeconds: number
  headersTimeoutSeconds: number
  bodyTimeoutSeconds: number
  attemptTimeoutSeconds: number
  maxResponseBytes: number
}

export interface Attempt {
  method: 'GET' | 'POST'
  origin: string
  /** Path and query, as they go on the wire. */
  target: string
  headers: Record<string, string>
  body: string | undefined
  /** `GET /v1.0/teams`, for messages. */
  name: string
  fresh: boolean
  signal: AbortSignal | undefined
  memory: MemoryShare | undefined
  now(): number
  /** Called when the first byte of the answer is here. */
  heard(): void
}

/**
 * Sends one request and reads its whole answer, whatever the status.
 * @throws a coded error for every way in which that can fail; the signal's reason when it was aborted.
 */
export async function sendAttempt(
  attempt: Attempt,
  dispatchers: Dispatchers,
  limits: AttemptLimits,
): Promise<HttpResponse> {
  const { origin, memory } = attempt
  using watch = new Watch(attempt.signal, limits.attemptTimeoutSeconds, origin, memory)
  const bodyLimits = { maxBytes: limits.maxResponseBytes, request: attempt.name, signal: watch.signal, memory }
  try {
    return await exchange(attempt, dispatchers, limits, bodyLimits)
  } catch (error) {
    watch.signal.throwIfAborted()
    throw explainFailure(error, origin, limits)
  }
}

async function exchange(
  attempt: Attempt,
  dispatchers: Dispatchers,
  limits: AttemptLimits,
  bodyLimits: BodyLimits,
): Promise<HttpResponse> {
  const began = attempt.now()
  const answer = await dispatchers.get(attempt.fresh).request({
    origin: attempt.origin,
    path: attempt.target,
    method: attempt.method,
    headers: { 'accept-encoding': ACCEPT_ENCODING, ...attempt.headers },
    body: attempt.body ?? null,
    signal: bodyLimits.signal,
    headersTimeout: limits.headersTimeoutSeconds * 1000,
    bodyTimeout: limits.bodyTimeoutSeconds * 1000,
  })
  attempt.heard()
  const headers = flatten(answer.headers)
  const raw = await readBody(answer.body, Number(headers['content-length'] ?? 0), bodyLimits)
  const body = await decodeBody(raw, headers['content-encoding'], bodyLimits)
  return {
    status: answer.statusCode,
    headers,
    body,
    json: once(() => parseExactJson(body)),
    date: parseHttpDate(headers.date),
    bytes: raw.length,
    seconds: (attempt.now() - began) / 1000,
  }
}

/** The client checks a body and the caller reads it: it is parsed one time. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

/** One signal out of the caller's and the clock's. An attempt that ends so also stops waiting for memory. */
class Watch implements Disposable {
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  readonly #abort: () => void

  constructor(outer: AbortSignal | undefined, seconds: number, origin: string, memory: MemoryShare | undefined) {
    this.#outer = outer
    this.#controller.signal.addEventListener('abort', () => memory?.close(), { once: true })
    this.#abort = () => this.#controller.abort(outer?.reason)
    this.#timer = setTimeout(() => this.#controller.abort(new AttemptTimeoutError(origin, seconds)), seconds * 1000)
    outer?.addEventListener('abort', this.#abort, { once: true })
    if (outer?.aborted) this.#abort()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#abort)
  }
}
