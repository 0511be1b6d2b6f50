import type { OptionSet, OptionSpec, ResolvedOptions } from '../connect/options.ts'
import type { Runtime } from '../connect/source.ts'
import type { Redactor } from './redaction.ts'
import type { HttpClientOptions } from './types.ts'

/** Options that every source with an HTTP API has. Sources spread them into their own declaration. */
export const httpOptions = {
  max_concurrent_requests: {
    type: 'integer',
    scope: 'connection',
    default: 50,
    min: 1,
    max: 50,
    description: 'Requests in flight at one time, and connections kept open.',
  },
  connect_timeout_seconds: {
    type: 'integer',
    scope: 'connection',
    default: 10,
    min: 1,
    max: 300,
    description: 'How long to wait for a connection, TLS included.',
  },
  headers_timeout_seconds: {
    type: 'integer',
    scope: 'connection',
    default: 60,
    min: 1,
    max: 3600,
    description: 'How long to wait for the first byte of an answer.',
  },
  body_timeout_seconds: {
    type: 'integer',
    scope: 'connection',
    default: 60,
    min: 1,
    max: 3600,
    description: 'How long an answer may stand still.',
  },
  attempt_timeout_seconds: {
    type: 'integer',
    scope: 'connection',
    default: 300,
    min: 1,
    max: 7200,
    description: 'How long one attempt may take as a whole.',
  },
  max_attempts: {
    type: 'integer',
    scope: 'connection',
    default: 8,
    min: 1,
    max: 50,
    description:
      'How often a request may fail (server errors, broken connections) before the source counts as unavailable.',
  },
  retry_delay_ms: {
    type: 'integer',
    scope: 'connection',
    default: 500,
    min: 1,
    max: 30_000,
    description:
      'Milliseconds that the first wait after a failure lasts at most; each further one is up to twice as long, to 30 s.',
  },
  max_retry_seconds: {
    type: 'integer',
    scope: 'connection',
    default: 600,
    min: 1,
    max: 86_400,
    description: 'How long failing attempts of one request may take together.',
  },
  max_throttle_seconds: {
    type: 'integer',
    scope: 'connection',
    default: 3600,
    min: 0,
    max: 86_400,
    description: 'How long the server may hold one request back by throttling.',
  },
  max_response_bytes: {
    type: 'integer',
    scope: 'connection',
    default: 268_435_456,
    min: 1024,
    max: 2_147_483_647,
    description: 'Largest answer that is taken, on the wire and decompressed.',
  },
} as const satisfies OptionSet

type HttpOption = keyof typeof httpOptions

/**
 * The options with other defaults, for a source whose API wants them.
 * @example
 * const options = { bot_token: { … }, ...httpOptionsWith({ max_attempts: 5 }) }
 */
export function httpOptionsWith(defaults: Partial<Record<HttpOption, number>>) {
  const set = Object.entries(httpOptions).map(([name, spec]) => {
    return [name, { ...spec, default: defaults[name as HttpOption] ?? spec.default }] as const
  })
  return Object.fromEntries(set) as Record<HttpOption, OptionSpec & { default: number }>
}

/** The checked options of a connection as the client takes them. `declared`: the source's own, for its defaults. */
export function httpClientOptions(
  options: ResolvedOptions,
  runtime: Runtime,
  redactor: Redactor,
  declared: Readonly<Record<HttpOption, { default: number }>> = httpOptions,
): HttpClientOptions {
  const number = (name: HttpOption): number => Number(options[name] ?? declared[name].default)
  return {
    runtime,
    redactor,
    maxConcurrentRequests: number('max_concurrent_requests'),
    connectTimeoutSeconds: number('connect_timeout_seconds'),
    headersTimeoutSeconds: number('headers_timeout_seconds'),
    bodyTimeoutSeconds: number('body_timeout_seconds'),
    attemptTimeoutSeconds: number('attempt_timeout_seconds'),
    maxAttempts: number('max_attempts'),
    retryDelayMs: number('retry_delay_ms'),
    maxRetrySeconds: number('max_retry_seconds'),
    maxThrottleSeconds: number('max_throttle_seconds'),
    maxResponseBytes: number('max_response_bytes'),
  }
}
