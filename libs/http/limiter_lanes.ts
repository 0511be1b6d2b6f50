import type { LimiterBucket } from './limiter_bucket.ts'

export interface Waiter<T = unknown> {
  /** When it began to wait, in ms. */
  since: number
  resolve(value: T): void
  reject(reason: unknown): void
  /** Called once when it no longer waits. */
  settle?: () => void
}

/** Requests that need the same buckets wait in one line. */
export class Lane<T = unknown> {
  readonly key: string
  readonly buckets: readonly LimiterBucket[]
  readonly waiters: Waiter<T>[] = []

  constructor(key: string, buckets: readonly LimiterBucket[]) {
    this.key = key
    this.buckets = buckets
  }

  /** When the first of the line may go, and the bucket that decides it. */
  readyAt(now: number): { at: number; bucket: LimiterBucket | undefined } {
    let at = Number.NEGATIVE_INFINITY
    let deciding: LimiterBucket | undefined
    for (const bucket of this.buckets) {
      const ready = bucket.readyAt(now)
      if (ready > at) {
        at = ready
        deciding = bucket
      }
    }
    return { at, bucket: deciding }
  }
}

/**
 * The lines of all waiting requests, in turn: a line that was served goes to the end, so that lines which share a
 * bucket share it evenly; inside a line first come is first served.
 */
export class Lanes<T = unknown> {
  readonly #lanes = new Map<string, Lane<T>>()

  add(buckets: readonly LimiterBucket[], waiter: Waiter<T>): Lane<T> {
    const key = buckets.map((bucket) => bucket.key).join('\n')
    let lane = this.#lanes.get(key)
    if (lane === undefined) {
      lane = new Lane(key, buckets)
      this.#lanes.set(key, lane)
    }
    lane.waiters.push(waiter)
    return lane
  }

  /** Takes the first of a line; the line goes to the end, or away when it is empty. */
  shift(lane: Lane<T>): Waiter<T> | undefined {
    const waiter = lane.waiters.shift()
    waiter?.settle?.()
    this.#lanes.delete(lane.key)
    if (lane.waiters.length > 0) this.#lanes.set(lane.key, lane)
    return waiter
  }

  remove(lane: Lane<T>, waiter: Waiter<T>): void {
    const index = lane.waiters.indexOf(waiter)
    if (index >= 0) lane.waiters.splice(index, 1)
    if (lane.waiters.length === 0 && this.#lanes.get(lane.key) === lane) this.#lanes.delete(lane.key)
  }

  /** Requests that wait because of a limit of one partition, while others could be sent. */
  held(now: number): number {
    let held = 0
    for (const lane of this.#lanes.values()) {
      const { at, bucket } = lane.readyAt(now)
      if (at > now && bucket?.ofPartition === true) held += lane.waiters.length
    }
    return held
  }

  /** Rejects the waiters of this bucket for which `reason` answers an error. */
  rejectWhere(bucket: LimiterBucket, reason: (waiter: Waiter<T>) => Error | undefined): void {
    for (const lane of [...this.#lanes.values()]) {
      if (!lane.buckets.includes(bucket)) continue
      for (const waiter of [...lane.waiters]) {
        const error = reason(waiter)
        if (error !== undefined) this.#reject(lane, waiter, error)
      }
    }
  }

  rejectAll(reason: unknown): void {
    for (const lane of [...this.#lanes.values()]) {
      for (const waiter of [...lane.waiters]) this.#reject(lane, waiter, reason)
    }
  }

  /** Lines that are served while this goes on come by again. */
  [Symbol.iterator](): Iterator<Lane<T>> {
    return this.#lanes.values()
  }

  #reject(lane: Lane<T>, waiter: Waiter<T>, reason: unknown): void {
    this.remove(lane, waiter)
    waiter.settle?.()
    waiter.reject(reason)
  }
}
