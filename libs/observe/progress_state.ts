import type { Event } from './events.ts'
import type { Clock } from './reader.ts'

type PartitionState = 'running' | 'done' | 'refused' | 'behind' | 'gone'

/** Where a run stands, as far as events tell. */
export interface Progress {
  /** ms; of `run_started`. */
  startedAt: number | undefined
  finished: boolean
  total: number
  partitions: Record<PartitionState, number>
  rows: number
  changed: number
  throttled: number
  /** ms; the end of the latest pause that the server asked for. */
  pausedUntil: number
}

/** Folds events into `Progress`. A partition that is read again counts once, in its latest state. */
export class ProgressState {
  readonly #now: Clock
  readonly #feeds = new Map<string, number>()
  readonly #states = new Map<string, PartitionState>()
  readonly progress: Progress = {
    startedAt: undefined,
    finished: false,
    total: 0,
    partitions: { running: 0, done: 0, refused: 0, behind: 0, gone: 0 },
    rows: 0,
    changed: 0,
    throttled: 0,
    pausedUntil: 0,
  }

  constructor(now: Clock) {
    this.#now = now
  }

  observe(event: Event): void {
    const { progress } = this
    if (event.type === 'run_started') progress.startedAt = this.#now()
    else if (event.type === 'run_finished') progress.finished = true
    else if (event.type === 'discovered') this.#discover(event.feed, event.partitions)
    else if (event.type === 'partition_started') this.#move(event, 'running')
    else if (event.type === 'partition_done') this.#move(event, 'done')
    else if (event.type === 'partition_refused') this.#move(event, 'refused')
    else if (event.type === 'partition_behind') this.#move(event, 'behind')
    else if (event.type === 'partition_gone') this.#move(event, 'gone')
    else if (event.type === 'page') progress.rows += event.rows
    else if (event.type === 'committed') progress.changed += event.changed
    else if (event.type === 'throttled') {
      progress.throttled++
      progress.pausedUntil = Math.max(progress.pausedUntil, this.#now() + event.wait_seconds * 1000)
    }
  }

  /** Seconds since the run began. */
  elapsed(): number {
    const { startedAt } = this.progress
    return startedAt === undefined ? 0 : Math.max(0, this.#now() - startedAt) / 1000
  }

  /** Partitions that need no more work in this run. */
  settled(): number {
    const { done, refused, gone } = this.progress.partitions
    return done + refused + gone
  }

  /** Seconds left if the rest takes as long as what is done; `undefined` while nothing is. */
  remaining(): number | undefined {
    const settled = this.settled()
    if (settled === 0 || settled >= this.progress.total) return undefined
    return (this.elapsed() / settled) * (this.progress.total - settled)
  }

  #discover(feed: string, partitions: number): void {
    this.#feeds.set(feed, partitions)
    this.progress.total = [...this.#feeds.values()].reduce((sum, count) => sum + count, 0)
  }

  #move({ feed, partition }: { feed: string; partition: string }, state: PartitionState): void {
    const key = JSON.stringify([feed, partition])
    const before = this.#states.get(key)
    if (before !== undefined) this.progress.partitions[before]--
    this.progress.partitions[state]++
    this.#states.set(key, state)
  }
}
