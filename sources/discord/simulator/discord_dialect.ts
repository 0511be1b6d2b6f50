import type { Dialect, Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import { ADDRESS_KEY } from './cloudflare.ts'
import type { Context } from './context.ts'
import { plainError, refuse } from './errors.ts'
import { bucketOf } from './limits.ts'
import { rateHeaders, throttledFault } from './rate_gate.ts'

/** Routes are written for this version; 9 answers alike. */
const VERSION = 'v10'
const VERSIONS = new Set(['v9', VERSION])

/** Discord's manners: versions in the path, headers of limits, error body. */
export function discordDialect(context: Context, answered: Dialect['answered']): Dialect {
  return {
    contentType: 'application/json',
    segments: (segments) =>
      segments[0] === 'api' && VERSIONS.has(segments[1] ?? '') ? ['api', VERSION, ...segments.slice(2)] : segments,
    headers: (exchange) => ({
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains; preload',
      Via: '1.1 google',
      ...rateHeaders(exchange),
    }),
    error: (_, status, about) => ({
      ...(status === 429 ? { ...plainError(status), retry_after: 1, global: false } : plainError(status)),
      ...(about?.message === undefined ? {} : { message: about.message }),
      ...(about?.code === undefined ? {} : { code: Number(about.code) }),
    }),
    throttled: throttledFault,
    unrouted: (exchange) => context.cloudflare.admit(exchange.at) ?? unrouted(exchange),
    faultKey: (exchange) => `path:${exchange.path}`,
    arrivalKeys: (exchange, route) => {
      if (!route.admit) return [] // files come from elsewhere
      const bucket = bucketOf(context.settings, route.name, exchange)
      return [ADDRESS_KEY, 'global', `path:${exchange.path}`, ...(bucket ? [bucket.key] : [])]
    },
    replied: (exchange, reply) => context.cloudflare.replied(exchange, reply),
    ...(answered ? { answered } : {}),
  }
}

/** Without a version the path goes to v6, which is gone: 50041, as for any version that is not served (reference §1). */
function unrouted(exchange: Exchange): Reply {
  const [, api, version] = exchange.path.split('/')
  if (api === 'api' && version !== VERSION) return refuse(50041)
  return { status: exchange.method === 'GET' ? 404 : 405, body: plainError(exchange.method === 'GET' ? 404 : 405) }
}
