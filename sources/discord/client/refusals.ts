import type { HttpResponse, Verdict } from '../../../libs/http/types.ts'
import { DiscordBannedError } from '../errors/banned_error.ts'
import { errorBodyOf, waitOf } from './answers.ts'
import { GLOBAL_KEY } from './limits.ts'
import { hasRateHeaders } from './rate_headers.ts'

/** A 429 of Cloudflare that asks for more is a ban: those seen were of hours, its throttling is of seconds (reference discord §8). */
const BAN_MS = 300_000

/** What a 429 means: which limit it is about, and whether it is one at all. `key`: the request's own bucket. `now`: ms since 1970. */
export function classifyRefusal(answer: HttpResponse, key: string, now: number): Verdict {
  const { headers } = answer
  const body = isJson(headers) ? errorBodyOf(answer) : undefined
  const waitMs = waitOf(answer, body, now)
  const hint = waitMs === undefined ? {} : { retryAfterMs: waitMs }
  const isDiscord = body !== undefined || (isJson(headers) && hasRateHeaders(headers))
  if (!isDiscord) {
    if (waitMs !== undefined && waitMs > BAN_MS)
      return { kind: 'fatal', error: new DiscordBannedError(now + waitMs, waitMs / 1000) }
    // It counts what the address sends: that is the bot's business as a whole.
    return { kind: 'throttled', key: GLOBAL_KEY, ...hint }
  }
  const scope = scopeOf(answer)
  const isGlobal = scope === 'global' || headers['x-ratelimit-global'] === 'true' || body?.global === true
  if (isGlobal) return { kind: 'throttled', key: GLOBAL_KEY, ...hint }
  return { kind: 'throttled', key, blameless: scope === 'shared', ...hint }
}

/** `user`, `global`, or `shared`: what others do to the same channel, which is not our fault and no invalid request. */
export function scopeOf(answer: HttpResponse): string | undefined {
  return answer.headers['x-ratelimit-scope']?.trim().toLowerCase()
}

function isJson(headers: Readonly<Record<string, string>>): boolean {
  return /^application\/(\w+\+)?json\b/i.test(headers['content-type'] ?? '')
}
