import type { Instant } from '../../../libs/connect/instant.ts'
import { RowSet } from './row_set.ts'

const MAX_TIMES = 4_096

/** What one process remembers of a walk: which rows it met, and a sample of their times. Bounded. */
export class WalkMemory {
  readonly #seen = new RowSet()
  #times: Instant[] = []
  #stride = 1
  #rows = 0

  /** True when the row is new to this walk. */
  meet(rowHash: bigint, time: Instant | null): boolean {
    if (!this.#seen.add(rowHash)) return false
    if (time !== null && this.#rows++ % this.#stride === 0) this.#sample(time)
    return true
  }

  /** Times of rows of this walk, ascending; every n-th where there were many. */
  times(): Instant[] {
    return this.#times.toSorted((a, b) => a - b)
  }

  #sample(time: Instant): void {
    this.#times.push(time)
    if (this.#times.length < MAX_TIMES) return
    this.#times = this.#times.filter((_, index) => index % 2 === 0)
    this.#stride *= 2
  }
}
