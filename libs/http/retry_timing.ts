import type { Instant } from '../connect/instant.ts'

/** Statuses that another try may change, beside 429 (RFC 9110; 509 is in Graph's list, reference §3.2). */
const RETRIED: ReadonlySet<number> = new Set([408, 500, 502, 503, 504, 509])

export function isRetriedStatus(status: number): boolean {
  return RETRIED.has(status)
}

/**
 * Milliseconds that a `Retry-After` asks for: whole seconds, a fraction (`2.128`) or an HTTP date. A date is taken
 * relative to the answer's own `Date`, so that a wrong local clock neither shortens nor stretches the wait.
 * A time that has passed is 0; text that is neither is `undefined`.
 */
export function parseRetryAfter(
  value: string | undefined,
  date: Instant | undefined,
  now: Instant,
): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined
  const until = parseHttpDate(text)
  return until === undefined ? undefined : Math.max(0, until - (date ?? now))
}

/** RFC 9110 §5.6.7: IMF-fixdate and its two ancestors. All are UTC, also asctime, which does not say so. */
export function parseHttpDate(text: string | undefined): Instant | undefined {
  if (text === undefined) return undefined
  const instant = Date.parse(/GMT$/.test(text) ? text : `${text} GMT`)
  return Number.isFinite(instant) ? instant : undefined
}

/** The wait before try number `failures + 1`: exponential with full jitter, so that many clients do not return together. */
export function failureBackoffMs(failures: number, random: number, baseMs = 500, capMs = 30_000): number {
  return random * Math.min(capMs, baseMs * 2 ** (Math.max(1, failures) - 1))
}

/** Added to a pause the server asked for: the clocks of the two ends do not tick together. */
const PAUSE_GUARD_MS = 20
const PAUSE_SPREAD_MS = 80
const REFUSAL_BASE_MS = 1000
const REFUSAL_CAP_MS = 60_000

/**
 * The pause after a refusal: what the server asked for, and a little more. No hint, or "at once", says that the server
 * does not know: then exponential in the refusals in a row, jittered, but never less than half, so that nothing hammers.
 */
export function refusalPauseMs(retryAfterMs: number | undefined, refusals: number, random: number): number {
  if (retryAfterMs !== undefined && retryAfterMs > 0) return retryAfterMs + PAUSE_GUARD_MS + random * PAUSE_SPREAD_MS
  const backoff = Math.min(REFUSAL_CAP_MS, REFUSAL_BASE_MS * 2 ** Math.min(16, Math.max(1, refusals) - 1))
  return (0.5 + random / 2) * backoff
}

export interface RetryBudget {
  maxAttempts: number
  maxRetryMs: number
  /** The first wait is at most this long. Default 500. */
  delayMs?: number
}

/**
 * The wait before the next try after `failures` failed ones, or `null` when they were too many or would take too long.
 * What the server asks for is never shortened.
 */
export function nextTryMs(
  failures: number,
  elapsedMs: number,
  random: number,
  budget: RetryBudget,
  retryAfterMs = 0,
): number | null {
  if (failures >= budget.maxAttempts) return null
  const wait = Math.max(failureBackoffMs(failures, random, budget.delayMs), retryAfterMs)
  return elapsedMs + wait > budget.maxRetryMs ? null : wait
}
