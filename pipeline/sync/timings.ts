import { jobName } from '../destinations/destination.ts'
import type { Work } from './feed_plan.ts'
import type { PartitionTiming } from './types.ts'

/** Partitions whose times a result lists: the slowest. */
const MAX_LISTED = 100

/** How long the partitions and tables of a run took, and how many were read at the same time. */
export class Timings {
  readonly #now: () => number
  readonly #tables = new Map<string, { from: number; to: number }>()
  #slowest: PartitionTiming[] = []
  #reading = 0
  #most = 0
  #ended = 0
  #milliseconds = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** A partition is read now; call what it answers when that has ended, however. */
  begin<C>({ partition, jobs }: Pick<Work<C>, 'partition' | 'jobs'>): () => void {
    const began = this.#now()
    const tables = jobs.map(jobName)
    this.#reading++
    this.#most = Math.max(this.#most, this.#reading)
    return () => {
      const ended = this.#now()
      this.#reading--
      this.#ended++
      this.#milliseconds += ended - began
      for (const table of tables) this.#stretch(table, began, ended)
      this.#note({ partition: partition.id, tables, seconds: (ended - began) / 1000 })
    }
  }

  /** Partitions read at the same time, at most. */
  get most(): number {
    return this.#most
  }

  /** Mean seconds of a partition; 0 where none was read. */
  get average(): number {
    return this.#ended === 0 ? 0 : this.#milliseconds / this.#ended / 1000
  }

  /** The slowest first. */
  get slowest(): PartitionTiming[] {
    return this.#slowest.toSorted(bySeconds).slice(0, MAX_LISTED)
  }

  /** Seconds from the first partition's beginning to the last one's end. */
  secondsOf(table: string): number {
    const span = this.#tables.get(table)
    return span === undefined ? 0 : (span.to - span.from) / 1000
  }

  #stretch(table: string, began: number, ended: number): void {
    const span = this.#tables.get(table) ?? { from: began, to: ended }
    this.#tables.set(table, { from: Math.min(span.from, began), to: Math.max(span.to, ended) })
  }

  #note(timing: PartitionTiming): void {
    this.#slowest.push(timing)
    // Sorted now and then only: there can be tens of thousands.
    if (this.#slowest.length >= 2 * MAX_LISTED) this.#slowest = this.#slowest.sort(bySeconds).slice(0, MAX_LISTED)
  }
}

const bySeconds = (a: PartitionTiming, b: PartitionTiming) => b.seconds - a.seconds
