import type { ErrorKind } from '../../libs/connect/error.ts'
import type { FeedPage, Refusal } from '../../libs/connect/feed.ts'
import { jobName, type TableChanges } from '../destinations/destination.ts'
import type { Work } from './feed_plan.ts'
import type { RunError, RunStatus, SyncJob, TableResult } from './types.ts'

/** Most errors a result lists; the coverage table has them all. */
const MAX_ERRORS = 1_000

interface Problem {
  code: string
  message: string
  remedy?: string
}

/** Counts what a run did, table by table. */
export class RunReport {
  readonly #tables = new Map<string, TableResult>()
  /** By partition and what is wrong: one error, however many tables lack it. */
  readonly #errors = new Map<string, RunError>()
  readonly #now: () => number

  constructor(jobs: readonly SyncJob[], now: () => number) {
    this.#now = now
    for (const job of jobs) {
      const partitions = { total: 0, done: 0, failed: 0, refused: 0 }
      this.#tables.set(jobName(job), {
        table: job.table.name,
        destination: jobName(job),
        read: 0,
        inserted: 0,
        updated: 0,
        deleted: 0,
        rescued: 0,
        quarantined: 0,
        partitions,
        seconds: 0,
      })
    }
  }

  planned(jobs: readonly string[]): void {
    for (const job of jobs) this.#table(job).partitions.total += 1
  }

  countPage<C>(work: Work<C>, page: FeedPage): void {
    for (const job of work.jobs) {
      const table = this.#table(jobName(job))
      for (const batch of page.rows.get(job.table.name) ?? []) table.read += batch.numRows
      table.rescued += page.rescued?.get(job.table.name) ?? 0
      table.quarantined += page.rejected?.filter((row) => row.table === job.table.name).length ?? 0
    }
  }

  countChanges(changes: ReadonlyMap<string, TableChanges>): void {
    for (const [job, change] of changes) {
      const table = this.#table(job)
      table.inserted += change.inserted
      table.updated += change.updated
      table.deleted += change.deleted
      if (change.refilled > 0) table.refilled = (table.refilled ?? 0) + change.refilled
    }
  }

  done<C>(work: Work<C>): void {
    for (const job of work.jobs) this.#table(jobName(job)).partitions.done += 1
  }

  /** A partition is read as others: they are the ones that count. */
  replaced<C>(work: Work<C>, instead: readonly Work<C>[]): void {
    for (const job of work.jobs) this.#table(jobName(job)).partitions.total -= 1
    for (const one of instead) this.planned(one.jobs.map(jobName))
  }

  refused<C>(work: Work<C>, refusal: Refusal): void {
    this.note(work.jobs.map(jobName), work.partition.id, 'refused', refusal)
  }

  behind<C>(work: Work<C>, problem: Problem): void {
    this.note(work.jobs.map(jobName), work.partition.id, 'failed', problem)
  }

  note(jobs: readonly string[], partition: string, how: 'refused' | 'failed', problem: Problem): void {
    for (const job of jobs) this.#table(job).partitions[how] += 1
    this.#error(jobs, partition, problem)
  }

  get tables(): TableResult[] {
    return [...this.#tables.values()]
  }

  get errors(): RunError[] {
    return [...this.#errors.values()]
  }

  /** An empty tenant is a success; some partitions missing is partial; all of them missing is a failure. */
  status(): { status: RunStatus; exit_kind?: ErrorKind } {
    const sum = (pick: (table: TableResult) => number) => this.tables.reduce((total, table) => total + pick(table), 0)
    const missing = sum(({ partitions }) => partitions.failed + partitions.refused)
    if (missing === 0) return { status: 'ok' }
    if (sum(({ partitions }) => partitions.done) > 0) return { status: 'partial' }
    // What says no to everything is not down: rights, names or settings are wrong.
    const failed = sum(({ partitions }) => partitions.failed)
    return { status: 'failed', exit_kind: failed === 0 ? 'configuration' : 'source' }
  }

  #error(jobs: readonly string[], partition: string, { code, message, remedy }: Problem): void {
    const key = JSON.stringify([partition, code, message, remedy])
    const known = this.#errors.get(key)
    if (known !== undefined) {
      known.tables = [...new Set([...known.tables!, ...jobs])]
      return
    }
    if (this.#errors.size >= MAX_ERRORS) return
    const at = new Date(this.#now()).toISOString()
    this.#errors.set(key, {
      partition,
      code,
      message,
      at,
      tables: [...jobs],
      ...(remedy === undefined ? {} : { remedy }),
    })
  }

  #table(job: string): TableResult {
    return this.#tables.get(job)!
  }
}
