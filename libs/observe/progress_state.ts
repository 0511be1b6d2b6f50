import type { Event } from './events.ts'
import { FeedProgress, type PartitionState } from './feed_progress.ts'
import type { Clock } from './reader.ts'

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
  retried: number
  /** ms; the end of the latest pause that the server asked for. */
  pausedUntil: number
}

/** Folds events into `Progress`. A partition that is read again counts once, in its latest state. */
export class ProgressState {
  readonly #now: Clock
  readonly #feeds = new Map<string, FeedProgress>()
  readonly progress: Progress = {
    startedAt: undefined,
    finished: false,
    total: 0,
    partitions: { running: 0, done: 0, refused: 0, behind: 0, gone: 0 },
    rows: 0,
    changed: 0,
    throttled: 0,
    retried: 0,
    pausedUntil: 0,
  }

  constructor(now: Clock) {
    this.#now = now
  }

  observe(event: Event): void {
    const { progress } = this
    if (event.type === 'run_started') progress.startedAt = this.#now()
    else if (event.type === 'run_finished') progress.finished = true
    else if (event.type === 'discovered') {
      this.#feed(event.feed).discover(event.partitions)
      this.#sum()
    } else if (event.type === 'partition_started') this.#move(event, 'running')
    else if (event.type === 'partition_done') this.#move(event, 'done')
    else if (event.type === 'partition_refused') this.#move(event, 'refused')
    else if (event.type === 'partition_behind') this.#move(event, 'behind')
    else if (event.type === 'partition_gone') this.#move(event, 'gone')
    else if (event.type === 'page') progress.rows += event.rows
    else if (event.type === 'committed') progress.changed += event.changed
    else if (event.type === 'retried') progress.retried++
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

  /**
   * 0 to 1: how far the feed is that is behind the others. Feeds are read side by side, and a partition is one
   * request in some of them and thousands in others, so partitions of two feeds do not add up to a share.
   */
  fraction(): number {
    const shares = [...this.#feeds.values()].map((feed) => feed.fraction()).filter((share) => share !== undefined)
    return shares.length === 0 ? 0 : Math.min(...shares)
  }

  /** Seconds until the last feed has been read; `undefined` while one of them gives nothing to go by. */
  remaining(): number | undefined {
    let longest = 0
    for (const feed of this.#feeds.values()) {
      if (feed.left() === 0) continue
      const seconds = feed.remaining(this.#now())
      if (seconds === undefined) return undefined
      longest = Math.max(longest, seconds)
    }
    return longest > 0 ? longest : undefined
  }

  #feed(name: string): FeedProgress {
    const feed = this.#feeds.get(name) ?? new FeedProgress()
    this.#feeds.set(name, feed)
    return feed
  }

  #move({ feed, partition }: { feed: string; partition: string }, state: PartitionState): void {
    const before = this.#feed(feed).move(partition, state, this.#now())
    if (before !== undefined) this.progress.partitions[before]--
    this.progress.partitions[state]++
    this.#sum()
  }

  #sum(): void {
    this.progress.total = [...this.#feeds.values()].reduce((sum, feed) => sum + feed.total, 0)
  }
}
