import type { Instant } from '../../../libs/connect/instant.ts'
import type { Sight } from './export_cut.ts'
import { RowSet } from './row_set.ts'

const MAX_TIMES = 4_096
/** Rows count as ordered although a few of them are not: the API may sort by another time than that of the change. */
const MOSTLY = 0.9

/** What one process remembers of a window's walks: which rows it met, and a sample of their times. Bounded. */
export class WalkMemory {
  readonly #rows = new RowSet()
  readonly #before: WalkMemory | undefined
  /** The walk's number, with which its rows are marked: a window is walked a few times at most. */
  #walk = 1
  readonly #channels = new Set<string>()
  #times: Instant[] = []
  #stride = 1
  #sampled = 0
  #latest: Instant | null = null
  #rises = 0
  #falls = 0

  /** @param before memory of the window that this one was cut from */
  constructor(before?: WalkMemory) {
    this.#before = before
  }

  /** Forgets the walk; what it handed on stays known. */
  startWalk(): void {
    this.#walk += 1
    this.#channels.clear()
    this.#times = []
    this.#stride = 1
    this.#sampled = 0
    this.#latest = null
    this.#rises = 0
    this.#falls = 0
  }

  /** Whether the row is new to this walk, and new to all walks over its time: only then is it handed on. */
  meet(rowHash: bigint, time: Instant | null): { isNew: boolean; isFirst: boolean } {
    const mark = this.#rows.mark(rowHash, this.#walk)
    if (mark === this.#walk) return { isNew: false, isFirst: false }
    if (time !== null) this.#note(time)
    return { isNew: true, isFirst: mark === 0 && this.#before?.knows(rowHash) !== true }
  }

  noteChannel(id: string): void {
    this.#channels.add(id)
  }

  /** Channels of the rows of this walk. */
  get channels(): ReadonlySet<string> {
    return this.#channels
  }

  /** Times of rows of this walk, ascending; every n-th where there were many. */
  times(): Instant[] {
    return this.#times.toSorted((a, b) => a - b)
  }

  sight(): Sight {
    return { times: this.times(), order: this.order }
  }

  /** How the rows of this walk follow each other by time. */
  get order(): Sight['order'] {
    const most = Math.max(1, (this.#rises + this.#falls) * MOSTLY)
    if (this.#rises >= most) return 'ascending'
    return this.#falls >= most ? 'descending' : 'none'
  }

  /** True when a walk over this window, or over one that it was cut from, has met the row. */
  knows(rowHash: bigint): boolean {
    return this.#rows.has(rowHash) || this.#before?.knows(rowHash) === true
  }

  #note(time: Instant): void {
    if (this.#latest !== null && time > this.#latest) this.#rises += 1
    if (this.#latest !== null && time < this.#latest) this.#falls += 1
    this.#latest = time
    if (this.#sampled++ % this.#stride !== 0) return
    this.#times.push(time)
    if (this.#times.length < MAX_TIMES) return
    this.#times = this.#times.filter((_, index) => index % 2 === 0)
    this.#stride *= 2
  }
}
