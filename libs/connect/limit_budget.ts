import type { RecordBatch } from 'apache-arrow'
import type { Limit } from './feed.ts'
import type { ResolvedOptions } from './options.ts'

/** The bounds that table options set for every batch. */
export function optionLimit(options: ResolvedOptions): Limit {
  const { max_pages_per_batch: pages, max_records_per_batch: records } = options
  return {
    ...(typeof pages === 'number' ? { maxPages: pages } : {}),
    ...(typeof records === 'number' && records > 0 ? { maxRecords: records } : {}),
  }
}

/** One batch's bounds over all the partitions it touches. */
export class LimitBudget {
  #pages: number
  #records: number

  constructor(limit: Limit) {
    this.#pages = limit.maxPages ?? Number.POSITIVE_INFINITY
    this.#records = limit.maxRecords ?? Number.POSITIVE_INFINITY
  }

  get spent(): boolean {
    return this.#pages <= 0 || this.#records <= 0
  }

  left(): { limit?: Limit } {
    const limit: Limit = {}
    if (Number.isFinite(this.#pages)) limit.maxPages = this.#pages
    if (Number.isFinite(this.#records)) limit.maxRecords = this.#records
    return Object.keys(limit).length === 0 ? {} : { limit }
  }

  take(records: RecordBatch[]): void {
    this.#pages -= 1
    for (const batch of records) this.#records -= batch.numRows
  }
}
