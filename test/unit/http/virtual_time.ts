interface Timer {
  at: number
  order: number
  fire(): void
}

/** A clock that only moves when everybody waits: an hour of limits takes a moment. */
export class VirtualTime {
  #now: number
  #order = 0
  #heap: Timer[] = []

  constructor(start = 1_800_000_000_000) {
    this.#now = start
  }

  readonly now = (): number => this.#now

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = () => reject(signal!.reason)
      signal?.addEventListener('abort', abort)
      const fire = () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      this.#push({ at: this.#now + ms, order: this.#order++, fire })
    })

  /** Runs timers up to `ms` from now, letting all promises settle after each moment. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let timer = this.#heap[0]; timer !== undefined && timer.at <= end; timer = this.#heap[0]) {
      this.#now = Math.max(this.#now, timer.at)
      while (this.#heap[0] !== undefined && this.#heap[0].at <= this.#now) this.#pop().fire()
      await settle()
    }
    this.#now = end
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let index = heap.push(timer) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(timer, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = timer
  }

  #pop(): Timer {
    const heap = this.#heap
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return top
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return top
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Reproducible chance (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
