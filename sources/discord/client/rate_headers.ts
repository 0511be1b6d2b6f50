/** What the `X-RateLimit-*` headers of one answer say; each of them may be absent (reference discord §8). */
export interface RateHeaders {
  limit?: number
  remaining?: number
  /** From the answer on. */
  resetMs?: number
  /** Opaque; without the channel or guild that the bucket is of. */
  hash?: string
}

/** Longer ones are no hash. */
const MAX_HASH = 200

/** Reads them; what is no number is left out. `X-RateLimit-Reset` is not read: it is a time of a clock that is not ours. */
export function readRateHeaders(headers: Readonly<Record<string, string>>): RateHeaders {
  const limit = numberOf(headers['x-ratelimit-limit'])
  const remaining = numberOf(headers['x-ratelimit-remaining'])
  const resetAfter = numberOf(headers['x-ratelimit-reset-after'])
  const hash = headers['x-ratelimit-bucket']
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetAfter === undefined ? {} : { resetMs: Math.ceil(resetAfter * 1000) }),
    ...(hash === undefined || hash.length > MAX_HASH ? {} : { hash }),
  }
}

/** True for any of them: Discord itself answered, not what stands before it. */
export function hasRateHeaders(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.startsWith('x-ratelimit-'))
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined
}
