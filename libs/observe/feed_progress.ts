export type PartitionState = 'running' | 'done' | 'refused' | 'behind' | 'gone'

/** Where one feed of a run stands. Times are milliseconds. */
export class FeedProgress {
  readonly #partitions = new Map<string, { state: PartitionState; since: number }>()
  readonly #counts: Record<PartitionState, number> = { running: 0, done: 0, refused: 0, behind: 0, gone: 0 }
  #discovered = 0
  /** Of partitions read to their end, all together. */
  #spent = 0
  #reads = 0
  /** Most partitions that were read at the same time. */
  #lanes = 0
  #movedAt = 0

  discover(partitions: number): void {
    this.#discovered = partitions
  }

  /** Partitions that are known. A feed may be listed more than once in a run, so those that were seen count too. */
  get total(): number {
    return Math.max(this.#discovered, this.#partitions.size)
  }

  /** Answers the state before. */
  move(partition: string, state: PartitionState, now: number): PartitionState | undefined {
    const before = this.#partitions.get(partition)
    if (before !== undefined) this.#counts[before.state]--
    this.#counts[state]++
    this.#partitions.set(partition, { state, since: now })
    this.#lanes = Math.max(this.#lanes, this.#counts.running)
    if (state === 'done' && before?.state === 'running') {
      this.#spent += now - before.since
      this.#reads++
    }
    if (state !== 'running') this.#movedAt = now
    return before?.state
  }

  /** Partitions that this run will still read. */
  left(): number {
    const { running: _, ...ended } = this.#counts
    return Math.max(0, this.total - Object.values(ended).reduce((sum, count) => sum + count, 0))
  }

  /** 0 to 1; `undefined` when the feed has no partitions. */
  fraction(): number | undefined {
    const { done, refused, gone } = this.#counts
    return this.total === 0 ? undefined : (done + refused + gone) / this.total
  }

  /**
   * Seconds left if the rest takes as long as what is done, in as many lanes. Reckoned when a partition ends and
   * counted down from there: a partition that takes long does not push the end away. `undefined` while no partition
   * is done, and when the reckoning has run out.
   */
  remaining(now: number): number | undefined {
    const left = this.left()
    if (this.#reads === 0 || left === 0) return undefined
    const rounds = left / Math.max(1, Math.min(this.#lanes, left))
    const seconds = ((this.#spent / this.#reads) * rounds - (now - this.#movedAt)) / 1000
    return seconds > 0 ? seconds : undefined
  }
}
