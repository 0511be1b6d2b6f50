import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import type { WindowState } from '../../../libs/simulator/fixed_windows.ts'
import type { Limit } from '../../../libs/simulator/rate_buckets.ts'
import type { Context } from './context.ts'
import { bucketHash, bucketOf, globalBucket } from './limits.ts'

const HEADERS_KEY = 'rate_headers'

/** What nobody enforces (reference §8). */
const ABSURD_SECONDS = 4 * 3600

type Headers = Record<string, string>

/** Counts a request in the bot's global window and in its bucket; answers the 429 where one of them is full. */
export function throttle(context: Context, route: string, exchange: Exchange): Reply | undefined {
  const { settings } = context
  if (settings.throttle === 'off') return undefined
  const { windows } = context.server()
  const shared = globalBucket(settings)
  const all = windows.take(shared, exchange.at)
  if (!all.accepted) return refuseGlobal(shared, all.resets_at, exchange)
  const bucket = bucketOf(settings, route, exchange)
  if (!bucket) return undefined
  const state = windows.take(bucket, exchange.at)
  const silent = settings.limits.headerless.includes(route)
  if (!state.accepted) return refuseUser(context, bucket, state, exchange, silent)
  if (!silent) exchange.state.set(HEADERS_KEY, headersOf(context, bucket, state, exchange))
  return undefined
}

/** X-RateLimit headers of a request that was let through. */
export function rateHeaders(exchange: Exchange): Headers {
  return (exchange.state.get(HEADERS_KEY) as Headers | undefined) ?? {}
}

function headersOf(context: Context, bucket: Limit, state: WindowState, exchange: Exchange): Headers {
  const { limits } = context.settings
  const hash = bucketHash(context.world.seed, bucket.scope)
  const after = limits.absurdResetAfter ? ABSURD_SECONDS * 1000 : state.resets_at - exchange.at
  const misleads = limits.misleading && bucket.scope === 'messages'
  return {
    'X-RateLimit-Limit': String(misleads ? 1000 : state.limit),
    'X-RateLimit-Remaining': String(misleads ? 999 : state.remaining),
    'X-RateLimit-Reset': seconds(exchange.at + after),
    'X-RateLimit-Reset-After': seconds(after),
    'X-RateLimit-Bucket': hash,
  }
}

/** A global refusal has no headers of a bucket. */
function refuseGlobal(limit: Limit, resetsAt: number, exchange: Exchange): Reply {
  return refusal(limit, resetsAt, exchange, true, {
    'X-RateLimit-Global': 'true',
    'X-RateLimit-Scope': 'global',
  })
}

function refuseUser(context: Context, limit: Limit, state: WindowState, exchange: Exchange, silent: boolean): Reply {
  const wait = state.resets_at - exchange.at
  const misleads = context.settings.limits.misleading && limit.scope === 'messages'
  const headers: Headers = {
    'X-RateLimit-Limit': String(state.limit),
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': seconds(state.resets_at),
    'X-RateLimit-Reset-After': seconds(wait),
    'X-RateLimit-Bucket': bucketHash(context.world.seed, misleads ? 'messages, truly' : limit.scope),
    'X-RateLimit-Scope': 'user',
  }
  return refusal(limit, state.resets_at, exchange, false, silent ? {} : headers)
}

function refusal(limit: Limit, resetsAt: number, exchange: Exchange, global: boolean, headers: Headers): Reply {
  const wait = resetsAt - exchange.at
  return {
    status: 429,
    headers: { ...headers, 'Retry-After': String(Math.max(1, Math.ceil(wait / 1000))) },
    body: { message: 'You are being rate limited.', retry_after: wait / 1000, global },
    refused_by: limit.scope,
    promised: [limit.key],
    promised_until: resetsAt,
  }
}

/** The answer of a `throttle` fault, as if a limit of that scope had been met. */
export function throttledFault(
  exchange: Exchange,
  { status, retryAfter, scope = 'user' }: { status: number; retryAfter: string | undefined; scope?: string },
): Reply {
  const shared = scope === 'shared'
  const global = scope === 'global'
  if (global) exchange.state.delete(HEADERS_KEY)
  const wait = Number(retryAfter)
  return {
    status,
    headers: {
      ...(global ? { 'X-RateLimit-Global': 'true' } : {}),
      'X-RateLimit-Scope': scope,
      ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
    },
    body: {
      message: shared ? 'The resource is being rate limited.' : 'You are being rate limited.',
      retry_after: Number.isFinite(wait) ? wait : 1,
      global,
    },
    refused_by: `fault_${scope}`,
  }
}

/** Seconds with three decimals. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
