/** Work that is under way at the same time, one piece a key. What has ended waits here until it is taken. */
export class Flights<K, T> {
  readonly #flying = new Map<K, Promise<void>>()
  readonly #landed: { key: K; value: T }[] = []
  #failure: { error: unknown } | null = null
  #wake: () => void = () => {}

  /** Pieces under way, and those that have ended and were not taken. */
  get size(): number {
    return this.#flying.size + this.#landed.length
  }

  /** Pieces that have ended and were not taken. */
  get waiting(): number {
    return this.#landed.length
  }

  /** A piece has failed: `next` will say so. */
  get hasFailed(): boolean {
    return this.#failure !== null
  }

  has(key: K): boolean {
    return this.#flying.has(key) || this.#landed.some((one) => one.key === key)
  }

  start(key: K, work: Promise<T>): void {
    const landing = work
      .then(
        (value) => void this.#landed.push({ key, value }),
        (error: unknown) => {
          this.#failure ??= { error }
        },
      )
      .then(() => {
        this.#flying.delete(key)
        this.#wake()
      })
    this.#flying.set(key, landing)
  }

  /**
   * The piece that ended first, or undefined when none is left.
   * @throws the first failure, after all that had ended before it was asked for
   */
  async next(): Promise<{ key: K; value: T } | undefined> {
    // Bounded: every round waits for a piece to end.
    for (;;) {
      const one = this.#landed.shift()
      if (one !== undefined) return one
      if (this.#failure !== null) throw this.#failure.error
      if (this.#flying.size === 0) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Resolves when no piece is under way; what they bring is dropped. */
  async settle(): Promise<void> {
    await Promise.all(this.#flying.values())
    this.#landed.length = 0
  }
}
