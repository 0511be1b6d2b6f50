import { Limiter } from '../../../libs/http/limiter.ts'
import { MemoryBudget } from '../../../libs/http/memory_budget.ts'
import type { Bucket } from '../../../libs/http/types.ts'
import { seededRandom, VirtualTime } from './virtual_time.ts'

export interface Load {
  keys: number
  /** Requests that each key always has waiting or in flight. */
  workers: number
  seconds: number
  /** Leaves this much of the beginning out of the figures. */
  warmUpSeconds?: number
  buckets(key: number): Bucket[]
  /** `undefined`: served. Otherwise what the server asks to wait: the scope says which requests it means. */
  serve(key: number, now: number): undefined | { retryAfterMs?: number; scope: string }
  /** Does a request of this key belong to what a refusal was about? */
  inScope(scope: string, key: number): boolean
  /** When a request that would arrive at `at` does arrive. */
  heldUntil?(at: number): number
  seed?: number
  latencyMs?: number
  jitterMs?: number
  maxInFlight?: number
  rateShare?: number
}

export interface LoadResult {
  served: number
  refused: number
  /** Refused of all, over the whole run. */
  refusedShare: number
  /** Requests that arrived before the server had allowed it, and left after it had said so. */
  early: number
  perSecond: number
  perKey: number[]
}

/** Drives the limiter against a counting server on a virtual clock. */
export async function drive(load: Load): Promise<LoadResult> {
  const time = new VirtualTime()
  const random = seededRandom(load.seed ?? 7)
  const limiter = new Limiter({
    runtime: { now: time.now, sleep: time.sleep, random, rateShare: load.rateShare ?? 1 },
    maxInFlight: load.maxInFlight ?? 1000,
    maxThrottleMs: 3_600_000,
    memory: new MemoryBudget(1 << 30),
  })
  const begin = time.now() + (load.warmUpSeconds ?? 0) * 1000
  const end = time.now() + load.seconds * 1000
  const allowedAt = new Map<string, { at: number; knownAt: number }>()
  const result = { served: 0, refused: 0, early: 0, all: 0, perKey: Array.from({ length: load.keys }, () => 0) }
  const oneWay = () => (load.latencyMs ?? 40) / 2 + random() * ((load.jitterMs ?? 16) / 2)

  async function worker(key: number): Promise<void> {
    while (time.now() < end) {
      const grant = await limiter.acquire(load.buckets(key))
      const sentAt = time.now()
      const arrives = time.now() + oneWay()
      await time.sleep((load.heldUntil?.(arrives) ?? arrives) - time.now())
      const now = time.now()
      result.all++
      for (const [scope, { at, knownAt }] of allowedAt) {
        if (load.inScope(scope, key) && now < at && sentAt > knownAt) result.early++
      }
      const refusal = load.serve(key, now)
      await time.sleep(oneWay())
      grant.heard()
      if (refusal === undefined) {
        grant.succeeded()
        if (now >= begin && now < end) {
          result.served++
          result.perKey[key]!++
        }
      } else {
        result.refused++
        if (refusal.retryAfterMs) allowedAt.set(refusal.scope, { at: now + refusal.retryAfterMs, knownAt: time.now() })
        grant.refused(refusal.retryAfterMs)
      }
    }
  }
  for (let key = 0; key < load.keys; key++) for (let i = 0; i < load.workers; i++) worker(key).catch(() => {})
  await time.advance(load.seconds * 1000)
  limiter.close()
  const seconds = (end - begin) / 1000
  const { served, refused, early, perKey, all } = result
  return { served, refused, early, perKey, refusedShare: refused / all, perSecond: served / seconds }
}
