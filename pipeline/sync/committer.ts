import type { Observer } from '../../libs/observe/events.ts'
import type { CommitUnit, Destination, ListedWhole, TableChanges } from '../destinations/destination.ts'
import { GrowingUnit } from './growing_unit.ts'
import { type Place, ReadAhead, type Size } from './read_ahead.ts'
import { sizeOf, type UnitBounds, type UnitPart } from './unit.ts'

export interface CommitterOptions {
  destination: Destination
  observer: Observer
  now(): number
  /** Called after each unit is durable. */
  onCommitted(changes: Map<string, TableChanges>): void
  bounds: UnitBounds
}

/** Share of a unit's bounds at which it is stored: the next one grows meanwhile, and both are one unit together. */
const STORE_AT = 0.4

/**
 * Gathers pages of all partitions into units and stores them one after the other. While one unit is being stored the
 * next one grows. Both of them and the pages that are on their way are no more rows than one unit may have: that is
 * what a kill at any moment may cost.
 */
export class Committer {
  readonly #options: CommitterOptions
  #unit = new GrowingUnit()
  #rows = 0
  #bytes = 0
  #startedAt: number | null = null
  #storing: Promise<void> | null = null
  #storingRows = 0
  #storingBytes = 0
  #number = 0
  #failure: unknown = null
  #timer: NodeJS.Timeout | null = null
  readonly #readAhead: ReadAhead

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#readAhead = new ReadAhead({
      bounds: options.bounds,
      inHand: () => this.#inHand(),
      onFull: () => this.#storeSoon(),
    })
  }

  /** For a reader of this feed, who waits with it until it is `ready`, and adds its pages with it. */
  place(feed: string): Place {
    return this.#readAhead.place(feed)
  }

  /** Resolves when there is room for one more page. @throws what storing a unit threw */
  async ready(place: Place): Promise<void> {
    await place.take()
    this.#throwFailure()
  }

  /** Takes a page. @throws what storing a unit threw */
  async add(part: UnitPart, place?: Place): Promise<void> {
    this.#throwFailure()
    const size = sizeOf(part)
    place?.give(size)
    this.#unit.add(part)
    this.#rows += size.rows
    this.#bytes += size.bytes
    this.#startTimer()
    if (this.#isDue()) this.#storeSoon()
    this.#readAhead.admit()
  }

  /** Nothing comes any more from who holds this place. */
  leave(place: Place): void {
    place.give()
    this.#readAhead.admit()
  }

  /** Stores what is left. @throws what storing threw, in this call or before */
  async flush(): Promise<void> {
    await this.stored().finally(() => this.#stopTimer())
  }

  /** Resolves when all is stored that was added before. @throws what storing threw */
  async stored(): Promise<void> {
    const last = this.#unit
    for (let isLast = false; !isLast; ) {
      // Does nothing while an older one is being stored, or the destination is asked.
      this.#storeSoon()
      isLast = this.#unit !== last || last.isEmpty || this.#failure !== null
      await this.#storing
    }
    this.#throwFailure()
  }

  /** What `Destination.unseen` answers, of what is stored so far. */
  async unseen(listed: ListedWhole): Promise<string[]> {
    while (this.#storing !== null) await this.#storing
    const answer = this.#options.destination.unseen(listed)
    // A destination takes one call at a time: until it has answered, nothing is stored.
    const asking = answer.then(
      () => {},
      () => {},
    )
    this.#storing = asking.finally(() => this.#stored())
    return answer
  }

  /** Nothing after a failure: whoever waits for room then is to hear of it. */
  #inHand(): Size {
    if (this.#failure !== null) return { rows: 0, bytes: 0 }
    return { rows: this.#rows + this.#storingRows, bytes: this.#bytes + this.#storingBytes }
  }

  #isDue(): boolean {
    const { bounds } = this.#options
    return this.#rows >= bounds.rows * STORE_AT || this.#bytes >= bounds.bytes * STORE_AT
  }

  #storeSoon(): void {
    if (this.#storing !== null || this.#unit.isEmpty || this.#failure !== null) return
    const unit = this.#unit.toUnit()
    this.#storingRows = this.#rows
    this.#storingBytes = this.#bytes
    this.#unit = new GrowingUnit()
    this.#rows = 0
    this.#bytes = 0
    this.#startedAt = null
    this.#storing = this.#store(unit)
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => this.#stored())
  }

  #stored(): void {
    this.#storing = null
    this.#storingRows = 0
    this.#storingBytes = 0
    if (this.#isDue()) this.#storeSoon()
    this.#readAhead.admit()
  }

  async #store(unit: CommitUnit): Promise<void> {
    const { destination, observer, now, onCommitted } = this.#options
    const number = ++this.#number
    const rows = this.#storingRows
    const bytes = this.#storingBytes
    const began = now()
    const changes = await destination.commit(unit, (phase) => observer({ type: 'commit_phase', unit: number, phase }))
    onCommitted(changes)
    let changed = 0
    for (const table of changes.values()) changed += table.inserted + table.updated + table.deleted
    const seconds = (now() - began) / 1000
    observer({ type: 'committed', unit: number, rows, changed, bytes, seconds, by_table: Object.fromEntries(changes) })
  }

  #startTimer(): void {
    this.#startedAt ??= this.#options.now()
    this.#timer ??= setInterval(
      () => {
        const due =
          this.#startedAt !== null && this.#options.now() - this.#startedAt >= this.#options.bounds.milliseconds
        if (due) this.#storeSoon()
      },
      Math.min(250, this.#options.bounds.milliseconds),
    )
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  #throwFailure(): void {
    if (this.#failure === null) return
    this.#stopTimer()
    throw this.#failure
  }
}
