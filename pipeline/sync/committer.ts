import type { Observer } from '../../libs/observe/events.ts'
import type { CommitUnit, Destination, ListedWhole, TableChanges } from '../destinations/destination.ts'
import { addPart, emptyUnit, sizeOf, type UnitBounds, type UnitPart } from './unit.ts'

export interface CommitterOptions {
  destination: Destination
  observer: Observer
  now(): number
  /** Called after each unit is durable. */
  onCommitted(changes: Map<string, TableChanges>): void
  bounds: UnitBounds
}

/**
 * Shares of a unit's bounds. What is being stored, what has been gathered meanwhile and the pages in the hands
 * of the readers (a quarter is left for those, and the readers of all feeds have some) together stay within one
 * unit: it is what a kill may cost.
 */
const STORE_AT = 0.4
const WAIT_AT = 0.75

/**
 * Gathers pages of all partitions into units and stores them one after the other. While one unit is being
 * stored the next one grows; together they never hold more rows than one unit may, so a kill at any moment
 * costs at most one unit of rows that are read again.
 */
export class Committer {
  readonly #options: CommitterOptions
  #unit = emptyUnit()
  #rows = 0
  #bytes = 0
  #startedAt: number | null = null
  #storing: Promise<void> | null = null
  #storingRows = 0
  #storingBytes = 0
  #number = 0
  #failure: unknown = null
  #timer: NodeJS.Timeout | null = null

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  /** Takes a page. Resolves when there is room for the next one. @throws what storing a unit threw */
  async add(part: UnitPart): Promise<void> {
    this.#throwFailure()
    const size = sizeOf(part)
    addPart(this.#unit, part)
    this.#rows += size.rows
    this.#bytes += size.bytes
    this.#startTimer()
    if (this.#reaches(STORE_AT, 0, 0)) this.#storeSoon()
    while (this.#reaches(WAIT_AT, this.#storingRows, this.#storingBytes) && this.#storing !== null) await this.#storing
    this.#throwFailure()
  }

  /** Stores what is left. @throws what storing threw, in this call or before */
  async flush(): Promise<void> {
    while (this.#storing !== null) await this.#storing
    this.#throwFailure()
    if (!isEmpty(this.#unit)) {
      this.#storeSoon()
      await this.#storing
    }
    this.#stopTimer()
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

  #reaches(share: number, rows: number, bytes: number): boolean {
    const { bounds } = this.#options
    return this.#rows + rows >= bounds.rows * share || this.#bytes + bytes >= bounds.bytes * share
  }

  #storeSoon(): void {
    if (this.#storing !== null || isEmpty(this.#unit) || this.#failure !== null) return
    const unit = this.#unit
    this.#storingRows = this.#rows
    this.#storingBytes = this.#bytes
    this.#unit = emptyUnit()
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
    if (this.#reaches(STORE_AT, 0, 0)) this.#storeSoon()
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

function isEmpty(unit: CommitUnit): boolean {
  return Object.values(unit).every((list: unknown[]) => list.length === 0)
}
