/** The ways a server may count. Each answers whether a request that arrives at `now` (ms) is served. */
export interface CountingServer {
  serves(now: number): boolean
}

/** Refused requests count too: Graph says that throttled calls accrue against the quota (reference §3.2). */
export function slidingLog(limit: number, windowMs: number): CountingServer {
  const times: number[] = []
  return {
    serves(now) {
      while (times.length > 0 && times[0]! <= now - windowMs) times.shift()
      times.push(now)
      return times.length <= limit
    },
  }
}

export function fixedWindow(limit: number, windowMs: number): CountingServer {
  let window = -1
  let count = 0
  return {
    serves(now) {
      const current = Math.floor(now / windowMs)
      if (current !== window) {
        window = current
        count = 0
      }
      return ++count <= limit
    },
  }
}

export function tokenBucket(limit: number, windowMs: number, capacity = limit): CountingServer {
  let tokens = capacity
  let last = Number.NEGATIVE_INFINITY
  return {
    serves(now) {
      tokens =
        last === Number.NEGATIVE_INFINITY ? capacity : Math.min(capacity, tokens + ((now - last) * limit) / windowMs)
      last = now
      if (tokens < 1) return false
      tokens--
      return true
    },
  }
}

/** Drips at the limit's pace and holds a tenth of a window, at least two requests. */
export function leakyBucket(limit: number, windowMs: number): CountingServer {
  return tokenBucket(limit, windowMs, Math.max(2, limit / 10))
}

export const SERVERS = { slidingLog, fixedWindow, tokenBucket, leakyBucket }
