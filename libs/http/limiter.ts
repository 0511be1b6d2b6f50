import { setMaxListeners } from 'node:events'
import type { Runtime } from '../connect/source.ts'
import { blame } from './limiter_blame.ts'
import { LimiterBucket } from './limiter_bucket.ts'
import { type Lane, Lanes, type Waiter } from './limiter_lanes.ts'
import { RuleBook } from './limiter_rules.ts'
import type { MemoryBudget, MemoryShare } from './memory_budget.ts'
import { refusalPauseMs } from './retry_timing.ts'
import { SourceThrottledError } from './source_throttled_error.ts'
import type { Bucket, BucketFact } from './types.ts'

export interface LimiterOptions {
  runtime: Pick<Runtime, 'now' | 'random' | 'sleep' | 'rateShare' | 'partitionRateShare'>
  maxInFlight: number
  maxThrottleMs: number
  memory: MemoryBudget
}

/** Leave to send one request now. Only the first call that settles it counts. */
export interface Grant {
  readonly memory: MemoryShare
  /** The first byte of the answer is here. Tells how long requests are on their way. */
  heard(): void
  /** What the answer tells about buckets, unless it is a refusal. Before it is settled. */
  told(facts: readonly BucketFact[]): void
  /** Answered, by whatever but a refusal. */
  succeeded(): void
  /** Refused: pauses the bucket that is blamed. */
  refused(retryAfterMs: number | undefined, key?: string, blameless?: boolean): Pause
  /** No answer, or not sent after all: says nothing about the rate. */
  abandon(): void
}

/** Until when a refusal holds requests back, and which: a bucket's key, or `request` for this one only. */
export interface Pause {
  untilMs: number
  scope: string
  /** Requests per window of the bucket, as far as is known. */
  limit?: number
}

const SWEEP_EVERY = 512

/**
 * Decides when each request may be sent. A request needs a slot, room in memory and leave of all its buckets at the
 * same moment, and takes them together: nobody holds one thing while waiting for another, so an empty bucket holds
 * up only its own requests and nothing can wait in a circle.
 */
export class Limiter {
  readonly #options: LimiterOptions
  readonly #buckets = new Map<string, LimiterBucket>()
  readonly #rules = new Map<string, RuleBook>()
  readonly #lanes = new Lanes<Grant>()
  readonly #closing = new AbortController()
  #inFlight = 0
  #created = 0
  #wakeAt = Number.POSITIVE_INFINITY
  /** Somebody waits for a slot or for memory, not for a moment. */
  #full = false

  constructor(options: LimiterOptions) {
    this.#options = options
    setMaxListeners(0, this.#closing.signal)
    options.memory.onRoom = () => this.#roomAgain()
  }

  /** Buckets remembered now. */
  get size(): number {
    return this.#buckets.size
  }

  /** Requests that wait because of a limit of one partition, while others could be sent. */
  get held(): number {
    return this.#lanes.held(this.#options.runtime.now())
  }

  /**
   * Waits for leave to send.
   * @throws SourceThrottledError when the server holds these buckets back for too long; the signal's reason.
   */
  acquire(buckets: readonly Bucket[], signal?: AbortSignal): Promise<Grant> {
    const own = buckets.map((bucket) => this.#bucket(bucket))
    const granted = new Promise<Grant>((resolve, reject) => {
      signal?.throwIfAborted()
      this.#closing.signal.throwIfAborted()
      const waiter: Waiter<Grant> = { since: this.#options.runtime.now(), resolve, reject }
      const lane = this.#lanes.add(own, waiter)
      if (signal !== undefined) this.#watch(signal, lane, waiter)
      // Whoever comes while a pause runs that is longer than anybody may be held does not wait for its end.
      for (const bucket of own) if (bucket.pausedUntil > waiter.since) this.#rejectHeldTooLong(bucket)
      // Nothing has changed for the others: only this line may be able to go.
      this.#pump([lane])
    })
    for (const bucket of own) bucket.users++
    granted.catch(() => leave(own))
    return granted
  }

  /** Rejects everybody who waits, and whoever comes later. */
  close(reason: Error = new DOMException('The client was closed.', 'AbortError')): void {
    this.#closing.abort(reason)
    this.#lanes.rejectAll(reason)
  }

  #watch(signal: AbortSignal, lane: Lane<Grant>, waiter: Waiter<Grant>): void {
    const abort = () => {
      this.#lanes.remove(lane, waiter)
      waiter.reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    waiter.settle = () => signal.removeEventListener('abort', abort)
  }

  #bucket(bucket: Bucket): LimiterBucket {
    const found = this.#buckets.get(bucket.key)
    if (found !== undefined) return found
    const { now, rateShare, partitionRateShare = rateShare } = this.#options.runtime
    if (++this.#created % SWEEP_EVERY === 0) this.#sweep()
    const share = bucket.ofPartition === true ? partitionRateShare : rateShare
    const created = new LimiterBucket(bucket, share, this.#rulesOf(bucket), now())
    this.#buckets.set(bucket.key, created)
    return created
  }

  #rulesOf(bucket: Bucket): RuleBook {
    if (bucket.rule === undefined) return new RuleBook()
    const found = this.#rules.get(bucket.rule) ?? new RuleBook()
    this.#rules.set(bucket.rule, found)
    return found
  }

  /** Forgets buckets that a new one could replace: 50,000 channels must not stay for ever. */
  #sweep(): void {
    const now = this.#options.runtime.now()
    for (const [key, bucket] of this.#buckets) if (bucket.isIdle(now)) this.#buckets.delete(key)
  }

  /** Grants whatever may be sent now, and comes back when the next one may. */
  #pump(lanes: Iterable<Lane<Grant>>): void {
    const now = this.#options.runtime.now()
    let next = Number.POSITIVE_INFINITY
    for (const lane of lanes) {
      this.#full = this.#inFlight >= this.#options.maxInFlight || !this.#options.memory.hasRoom
      if (this.#full) break
      const { at, bucket } = lane.readyAt(now)
      if (at <= now) this.#lanes.shift(lane)?.resolve(this.#grant(lane.buckets, now))
      else {
        if (bucket !== undefined) bucket.level.wanted = true
        next = Math.min(next, at)
      }
    }
    if (next < this.#wakeAt) this.#wake(next, now)
  }

  #wake(at: number, now: number): void {
    this.#wakeAt = at
    const wake = () => {
      if (this.#wakeAt === at) this.#wakeAt = Number.POSITIVE_INFINITY
      this.#pump(this.#lanes)
    }
    this.#options.runtime.sleep(Math.max(1, Math.ceil(at - now)), this.#closing.signal).then(wake, () => {})
  }

  #roomAgain(): void {
    if (this.#full) this.#pump(this.#lanes)
  }

  #grant(buckets: readonly LimiterBucket[], sentAt: number): Grant {
    this.#inFlight++
    for (const bucket of buckets) bucket.take(sentAt)
    const memory = this.#options.memory.open()
    let open = true
    const settle = (tell: () => void) => {
      if (!open) return
      open = false
      this.#inFlight--
      leave(buckets)
      tell()
      for (const bucket of buckets) bucket.settled()
      memory.close()
      if (buckets.some((bucket) => bucket.shared)) this.#pump(this.#lanes)
      // An attempt that was broken off has closed its memory itself, while its slot was still taken.
      this.#roomAgain()
    }
    return {
      memory,
      heard: () => {
        const now = this.#options.runtime.now()
        const delayMs = buckets.at(-1)?.latency.delayOf(now - sentAt, now) ?? 0
        if (delayMs > 0) for (const bucket of buckets) bucket.delayed(sentAt, delayMs)
      },
      told: (facts) => {
        const now = this.#options.runtime.now()
        for (const fact of facts) this.#buckets.get(fact.key)?.told(fact, sentAt, now)
      },
      succeeded: () =>
        settle(() => {
          const now = this.#options.runtime.now()
          for (const bucket of buckets) bucket.succeeded(sentAt, now)
        }),
      refused: (retryAfterMs, key, blameless) => {
        let pause: Pause = { untilMs: 0, scope: 'request' }
        settle(() => {
          pause = this.#refuse(buckets, sentAt, retryAfterMs, key, blameless)
        })
        return pause
      },
      abandon: () => settle(() => {}),
    }
  }

  #refuse(
    buckets: readonly LimiterBucket[],
    sentAt: number,
    retryAfterMs: number | undefined,
    key?: string,
    blameless?: boolean,
  ): Pause {
    const { runtime } = this.#options
    const now = runtime.now()
    const bucket = buckets.find((candidate) => candidate.key === key) ?? blame(buckets, sentAt, now)
    const untilMs = now + refusalPauseMs(retryAfterMs, (bucket?.refusals ?? 0) + 1, runtime.random())
    if (bucket === undefined) return { untilMs, scope: 'request' }
    bucket.refused(sentAt, now, untilMs, blameless)
    this.#rejectHeldTooLong(bucket)
    return { untilMs, scope: bucket.key, limit: bucket.limit }
  }

  #rejectHeldTooLong(bucket: LimiterBucket): void {
    const { maxThrottleMs } = this.#options
    this.#lanes.rejectWhere(bucket, (waiter) => {
      const heldMs = bucket.pausedUntil - Math.max(waiter.since, bucket.refusingSince ?? waiter.since)
      if (heldMs <= maxThrottleMs) return undefined
      return new SourceThrottledError(bucket.key, heldMs / 1000, maxThrottleMs / 1000)
    })
  }
}

function leave(buckets: readonly LimiterBucket[]): void {
  for (const bucket of buckets) bucket.users--
}
