import type { Dialect, Exchange, Reply } from './exchange.ts'
import type { Fault, RetryAfter } from './fault_plan.ts'
import { formatRetryAfter } from './retry_after.ts'

/** The answer of a fault that stands in for the API's own, or undefined for faults of other sorts. */
export function replyOfFault(exchange: Exchange, dialect: Dialect, fault: Fault | undefined): Reply | undefined {
  switch (fault?.kind) {
    case 'throttle': {
      const status = fault.status ?? 429
      if (dialect.throttled) return throttledReply(exchange, dialect, { ...fault, status })
      return {
        status,
        ...retryAfter(exchange, fault.retry_after),
        body: dialect.error(exchange, status),
        promised: [dialect.faultKey(exchange)],
      }
    }
    case 'status': {
      const body = dialect.error(exchange, fault.status, pickTexts(fault))
      return {
        status: fault.status,
        ...retryAfter(exchange, fault.retry_after),
        body,
        promised: [dialect.faultKey(exchange)],
      }
    }
    case 'token_expired':
      return { status: 401, body: dialect.error(exchange, 401) }
    case 'redirect':
      return { status: fault.status ?? 302, headers: { Location: fault.location }, body: '' }
    case 'malformed':
      return { status: 200, body: fault.body ?? '{"value":[{"id":"1","body":{]}' }
    default:
      return undefined
  }
}

function throttledReply(
  exchange: Exchange,
  dialect: Dialect,
  fault: { status: number; retry_after?: RetryAfter; scope?: string },
): Reply {
  const retryAfter = formatRetryAfter(fault.retry_after, exchange.clock.now())
  const scope = fault.scope === undefined ? {} : { scope: fault.scope }
  const reply = dialect.throttled!(exchange, { status: fault.status, retryAfter, ...scope })
  return { ...reply, promised: [dialect.faultKey(exchange)] }
}

function retryAfter(
  exchange: Exchange,
  value: Parameters<typeof formatRetryAfter>[0],
): { headers?: Record<string, string> } {
  const text = formatRetryAfter(value, exchange.clock.now())
  return text === undefined ? {} : { headers: { 'Retry-After': text } }
}

function pickTexts(fault: { code?: string; message?: string }): { code?: string; message?: string } {
  return {
    ...(fault.code === undefined ? {} : { code: fault.code }),
    ...(fault.message === undefined ? {} : { message: fault.message }),
  }
}
