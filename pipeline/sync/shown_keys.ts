import type { RecordBatch } from 'apache-arrow'
import { jobName } from '../destinations/destination.ts'
import type { SyncJob } from './types.ts'

/** Keys that the pages of a listing have shown, by job: for feeds that are asked for the rows a listing lacks. */
export class ShownKeys {
  readonly #byJob = new Map<string, Set<string>>()

  add(job: SyncJob, batches: readonly RecordBatch[]): void {
    const keys = this.#byJob.get(jobName(job)) ?? new Set()
    this.#byJob.set(jobName(job), keys)
    for (const batch of batches) {
      const columns = job.primaryKeys.map((name) => batch.getChild(name))
      for (let row = 0; row < batch.numRows; row++) keys.add(JSON.stringify(columns.map((column) => column?.get(row))))
    }
  }

  /** @param key JSON list of the key's values, as a destination writes it */
  has(job: string, key: string): boolean {
    // DuckDB writes escapes in other letters.
    return this.#byJob.get(job)?.has(JSON.stringify(JSON.parse(key))) === true
  }
}
