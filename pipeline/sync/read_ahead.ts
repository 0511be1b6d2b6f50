import type { UnitBounds } from './unit.ts'

export type Size = Pick<UnitBounds, 'rows' | 'bytes'>

/** Rows of a page whose feed has answered nothing yet: as many as most APIs give at a time … */
const UNKNOWN_ROWS = 1_000
/** … and not more than this share of a unit, so that a small one does not let all feeds begin one after the other. */
const UNKNOWN_SHARE = 0.25
const NOTHING: Size = { rows: 0, bytes: 0 }
/** How fast large pages are forgotten: the last page of a partition is small, the next one of another is not. */
const KEPT = 0.98
/** Share of a unit that is given away: some pages are larger than was expected. */
const GIVEN = 0.85

export interface ReadAheadOptions {
  bounds: Size
  /** What has been gathered and what is being stored. */
  inHand(): Size
  /** There would be room if what has been gathered were stored. */
  onFull(): void
}

/**
 * Lets no more pages be fetched than there is room for in a unit, together with what is in hand: a page that waits in
 * a reader's hands is read again after a kill like those of the unit. How large a page will be is known from those of
 * its feed before. One page is always let through, however large.
 */
export class ReadAhead {
  readonly #options: ReadAheadOptions
  readonly #expected = new Map<string, Size>()
  readonly #queue: { feed: string; admit: (size: Size) => void }[] = []
  #rows = 0
  #bytes = 0
  #pages = 0

  constructor(options: ReadAheadOptions) {
    this.#options = options
  }

  /** The place of one reader of this feed: it has at most one page under way. */
  place(feed: string): Place {
    return new Place(
      () => this.#take(feed),
      (held, page) => this.#give(feed, held, page),
    )
  }

  /** Lets in who has room now, in the order they came. */
  admit(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const size = this.#expectedOf(first.feed)
      if (!this.#fits(size, this.#options.inHand())) {
        // Storing helps nobody who waits for pages that are under way.
        if (this.#fits(size, NOTHING)) this.#options.onFull()
        return
      }
      this.#queue.shift()
      this.#rows += size.rows
      this.#bytes += size.bytes
      this.#pages++
      first.admit(size)
    }
  }

  #take(feed: string): Promise<Size> {
    return new Promise((admit) => {
      this.#queue.push({ feed, admit })
      this.admit()
    })
  }

  #give(feed: string, held: Size, page: Size | null): void {
    this.#rows -= held.rows
    this.#bytes -= held.bytes
    this.#pages--
    if (page !== null) {
      const before = this.#expected.get(feed) ?? page
      this.#expected.set(feed, {
        rows: Math.max(page.rows, Math.floor(before.rows * KEPT)),
        bytes: Math.max(page.bytes, Math.floor(before.bytes * KEPT)),
      })
    }
  }

  #expectedOf(feed: string): Size {
    const unknown = Math.min(UNKNOWN_ROWS, Math.ceil(this.#options.bounds.rows * UNKNOWN_SHARE))
    return this.#expected.get(feed) ?? { rows: unknown, bytes: 0 }
  }

  #fits(size: Size, { rows, bytes }: Size): boolean {
    const { bounds } = this.#options
    if (this.#pages === 0 && rows === 0 && bytes === 0) return true
    const allRows = rows + this.#rows + size.rows
    const allBytes = bytes + this.#bytes + size.bytes
    return allRows <= bounds.rows * GIVEN && allBytes <= bounds.bytes * GIVEN
  }
}

/** What one reader holds of the room. */
export class Place {
  readonly #take: () => Promise<Size>
  readonly #give: (held: Size, page: Size | null) => void
  #held: Size | null = null

  constructor(take: () => Promise<Size>, give: (held: Size, page: Size | null) => void) {
    this.#take = take
    this.#give = give
  }

  /** Before the next page is fetched. Resolves when there is room for it. */
  async take(): Promise<void> {
    this.#held ??= await this.#take()
  }

  /** The page has come, and is this large; none: nothing comes any more. */
  give(page: Size | null = null): void {
    if (this.#held === null) return
    const held = this.#held
    this.#held = null
    this.#give(held, page)
  }
}
