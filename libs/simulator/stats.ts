import type { Instant } from '../connect/instant.ts'
import { type BucketKindUse, bucketKinds } from './bucket_kinds.ts'
import type { BucketUse } from './rate_buckets.ts'
import type { RequestLogEntry } from './request_log.ts'

/** Counters since the start or the last reset. */
export interface SimulatorStats {
  since: Instant
  until: Instant
  requests: number
  /** route -> status -> requests; status `0` is a connection that was broken before headers. */
  byRoute: Record<string, Record<string, number>>
  byStatus: Record<string, number>
  /** kind of bucket -> requests it refused */
  refusedByBucket: Record<string, number>
  /** fault id -> times fired */
  faults: Record<string, number>
  /** Requests before the time that Retry-After named for their key; `certain` leaves out those that may have crossed the answer. */
  early: { all: number; certain: number }
  /** Rows of pages. */
  rows: number
  bytes: number
  connections: number
  maxConcurrent: number
  /** Every bucket that was touched. */
  buckets: Record<string, BucketUse>
  /** The same by kind of bucket. */
  bucketKinds: Record<string, BucketKindUse>
}

/** Keeps the counters of one simulator. */
export class StatsKeeper {
  #stats: Omit<SimulatorStats, 'until' | 'buckets' | 'bucketKinds'>
  #concurrent = 0

  constructor(now: Instant) {
    this.#stats = empty(now)
  }

  reset(now: Instant): void {
    this.#stats = empty(now)
  }

  connected(): void {
    this.#stats.connections++
  }

  started(): void {
    this.#concurrent++
    this.#stats.maxConcurrent = Math.max(this.#stats.maxConcurrent, this.#concurrent)
  }

  ended(): void {
    this.#concurrent--
  }

  early(certain: boolean): void {
    this.#stats.early.all++
    if (certain) this.#stats.early.certain++
  }

  answered(entry: RequestLogEntry, rows: number): void {
    const stats = this.#stats
    stats.requests++
    stats.rows += rows
    stats.bytes += entry.bytes
    stats.byRoute[entry.route] ??= {}
    count(stats.byRoute[entry.route]!, String(entry.status))
    count(stats.byStatus, String(entry.status))
    if (entry.refused_by) count(stats.refusedByBucket, entry.refused_by)
    if (entry.fault) count(stats.faults, entry.fault)
  }

  /** Bytes of an answer that were counted only while it was written. */
  sent(bytes: number): void {
    this.#stats.bytes += bytes
  }

  read(now: Instant, buckets: Record<string, BucketUse>): SimulatorStats {
    return { ...structuredClone(this.#stats), until: now, buckets, bucketKinds: bucketKinds(buckets) }
  }
}

function count(counters: Record<string, number>, name: string): void {
  counters[name] = (counters[name] ?? 0) + 1
}

function empty(since: Instant): Omit<SimulatorStats, 'until' | 'buckets' | 'bucketKinds'> {
  return {
    since,
    requests: 0,
    byRoute: {},
    byStatus: {},
    refusedByBucket: {},
    faults: {},
    early: { all: 0, certain: 0 },
    rows: 0,
    bytes: 0,
    connections: 0,
    maxConcurrent: 0,
  }
}
