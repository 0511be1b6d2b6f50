/** How often the pool looks at what its workers wait for. */
const LOOK_MS = 100
/**
 * How long a place that was lent is kept when it is not needed: as soon as a shared limit binds nobody waits for one of
 * his own, and without the places that were lent it would not bind any more.
 */
const GIVE_BACK_MS = 1_000

export interface PoolSize {
  /** Workers at the same time. */
  workers: number
  /** Workers at the same time while others wait for limits of their own. */
  most: number
  /** Items that a worker takes from the queue at a time. */
  batch: number
}

export interface PoolOptions<T> extends PoolSize {
  /** Never rejects: what becomes of an item is the caller's to keep. */
  work(item: T): Promise<void>
  /** Workers that stand still because a limit of what they read holds them back, not one that all share. */
  held?: () => number
  /** Milliseconds in which one place is given back that nobody needs. Default 1,000. */
  giveBackMs?: number
}

/**
 * Workers that take items off one queue, a batch at a time. Who finds it empty takes from those who have a batch left, so
 * that nobody is idle: one who came later, say, after the first ones had shared the queue out. A worker that waits for a limit of its own item lends its
 * place to another, so that a shared limit is used although each item may use only a part of it.
 */
export class WorkerPool<T> {
  readonly #options: PoolOptions<T>
  readonly #queue: T[] = []
  /** What workers have taken and not begun. */
  readonly #batches = new Set<T[]>()
  #wanted: number
  #working = 0
  #looks = 0
  #ended: () => void = () => {}

  constructor(options: PoolOptions<T>) {
    this.#options = options
    this.#wanted = options.workers
  }

  /** Also while the pool runs: an item can bring others. */
  add(items: readonly T[]): void {
    this.#queue.push(...items)
    if (this.#working > 0) this.#fill()
  }

  /** Ends when the queue is empty and every worker is done. */
  async run(): Promise<void> {
    if (this.#queue.length === 0) return
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve
    })
    const { held } = this.#options
    const look = held === undefined ? undefined : setInterval(() => this.#adapt(held()), LOOK_MS)
    this.#fill()
    await ended.finally(() => clearInterval(look))
  }

  #adapt(held: number): void {
    const { workers, most, giveBackMs = GIVE_BACK_MS } = this.#options
    const needed = Math.min(most, workers + Math.min(held, this.#working))
    if (needed < this.#wanted && ++this.#looks * LOOK_MS < giveBackMs) return
    this.#looks = 0
    this.#wanted = Math.max(needed, this.#wanted - 1)
    this.#fill()
  }

  #fill(): void {
    while (this.#working < this.#wanted) {
      const batch = this.#take()
      if (batch === undefined) return
      this.#working++
      void this.#work(batch)
    }
  }

  async #work(batch: T[] | undefined): Promise<void> {
    while (batch !== undefined) {
      this.#batches.add(batch)
      while (batch.length > 0 && this.#working <= this.#wanted) await this.#options.work(batch.shift()!)
      this.#batches.delete(batch)
      // Its place was taken back: others go on with what is left.
      this.#queue.unshift(...batch)
      batch = this.#working <= this.#wanted ? this.#take() : undefined
    }
    this.#working--
    if (this.#working === 0 && this.#queue.length === 0) this.#ended()
    else this.#fill()
  }

  /** A batch of the queue; where that is empty, half of what the worker with the most has not begun. */
  #take(): T[] | undefined {
    if (this.#queue.length > 0) {
      return this.#queue.splice(0, batchSize(this.#queue.length, this.#wanted, this.#options.batch))
    }
    const longest = [...this.#batches].reduce((most: T[], batch) => (batch.length > most.length ? batch : most), [])
    return longest.length === 0 ? undefined : longest.splice(Math.floor(longest.length / 2))
  }
}

/** How many a worker takes: a whole batch, and fewer near the end. */
export function batchSize(left: number, workers: number, batch: number): number {
  return Math.max(1, Math.min(batch, Math.floor(left / (2 * workers))))
}
