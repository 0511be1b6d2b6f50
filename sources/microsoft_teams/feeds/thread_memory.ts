/** More threads than this are not remembered: then no page counts as known. */
const MAX_THREADS = 100_000

/** Which threads, in which version, the walks of one read have met. Bounded. */
export class ThreadMemory {
  readonly #earlier = new Set<bigint>()
  #present = new Set<bigint>()

  startWalk(): void {
    if (this.#earlier.size + this.#present.size <= MAX_THREADS)
      for (const thread of this.#present) this.#earlier.add(thread)
    this.#present = new Set()
  }

  /** True when an earlier walk met every one of these threads as they are; false for none at all. */
  meet(threads: readonly bigint[]): boolean {
    if (this.#present.size < MAX_THREADS) for (const thread of threads) this.#present.add(thread)
    return threads.length > 0 && threads.every((thread) => this.#earlier.has(thread))
  }
}
