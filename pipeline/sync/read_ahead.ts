import type { UnitBounds } from './unit.ts'

export type Size = Pick<UnitBounds, 'rows' | 'bytes'>

/** Rows of a page whose feed has answered nothing yet: as many as most APIs give at a time … */
const UNKNOWN_ROWS = 1_000
/** … and not more than this share of a unit, so that a small one does not let all feeds begin one after the other. */
const UNKNOWN_SHARE = 0.25
const NOTHING: Size = { rows: 0, bytes: 0 }
/** How fast large pages are forgotten: the last page of a partition is small, the next one of another is not. */
const KEPT = 0.98
/** A page is never expected to be smaller than this share of a unit: behind many empty channels lies a full one. */
const LEAST_SHARE = 0.005
/** Share of a unit that is given away: some pages are larger than was expected. */
const GIVEN = 0.85
/** Share of that for one feed: its readers can wait for a limit for minutes, and others must not wait for them. */
const OF_ONE_FEED = 0.75
/** Share of a unit that is worth a commit of its own while pages are under way: they may be smaller than expected. */
const WORTH_STORING = 0.1

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
  /** Of the pages under way, by feed. */
  readonly #reserved = new Map<string, Size>()
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

  /** Lets in who has room now: in the order they came, but for those whose feed has its share already. */
  admit(): void {
    for (let index = 0; index < this.#queue.length; ) {
      const { feed, admit } = this.#queue[index]!
      const size = this.#expectedOf(feed)
      if (!this.#hasShare(feed, size)) index++
      else if (this.#fits(size, this.#options.inHand())) {
        this.#queue.splice(index, 1)
        this.#reserve(feed, size, 1)
        admit(size)
      } else {
        // Storing helps nobody who waits for pages that are under way.
        if (this.#worthStoring() && this.#fits(size, NOTHING)) this.#options.onFull()
        return
      }
    }
  }

  #take(feed: string): Promise<Size> {
    return new Promise((admit) => {
      this.#queue.push({ feed, admit })
      this.admit()
    })
  }

  #give(feed: string, held: Size, page: Size | null): void {
    this.#reserve(feed, held, -1)
    if (page === null) return
    const before = this.#expected.get(feed) ?? page
    this.#expected.set(feed, {
      rows: Math.max(page.rows, Math.floor(before.rows * KEPT)),
      bytes: Math.max(page.bytes, Math.floor(before.bytes * KEPT)),
    })
  }

  #reserve(feed: string, { rows, bytes }: Size, sign: 1 | -1): void {
    const { rows: heldRows, bytes: heldBytes } = this.#reserved.get(feed) ?? NOTHING
    this.#reserved.set(feed, { rows: heldRows + sign * rows, bytes: heldBytes + sign * bytes })
    this.#pages += sign
  }

  #expectedOf(feed: string): Size {
    const { rows } = this.#options.bounds
    const known = this.#expected.get(feed)
    if (known === undefined) return { rows: Math.min(UNKNOWN_ROWS, Math.ceil(rows * UNKNOWN_SHARE)), bytes: 0 }
    return { rows: Math.max(known.rows, Math.floor(rows * LEAST_SHARE)), bytes: known.bytes }
  }

  #worthStoring(): boolean {
    const { bounds, inHand } = this.#options
    const { rows, bytes } = inHand()
    return this.#pages === 0 || rows >= bounds.rows * WORTH_STORING || bytes >= bounds.bytes * WORTH_STORING
  }

  #hasShare(feed: string, { rows, bytes }: Size): boolean {
    const { bounds } = this.#options
    const own = this.#reserved.get(feed) ?? NOTHING
    if (own.rows === 0 && own.bytes === 0) return true
    const share = GIVEN * OF_ONE_FEED
    return own.rows + rows <= bounds.rows * share && own.bytes + bytes <= bounds.bytes * share
  }

  #fits({ rows, bytes }: Size, inHand: Size): boolean {
    const { bounds } = this.#options
    if (this.#pages === 0 && inHand.rows === 0 && inHand.bytes === 0) return true
    const sum = { rows: inHand.rows + rows, bytes: inHand.bytes + bytes }
    for (const reserved of this.#reserved.values()) {
      sum.rows += reserved.rows
      sum.bytes += reserved.bytes
    }
    return sum.rows <= bounds.rows * GIVEN && sum.bytes <= bounds.bytes * GIVEN
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
