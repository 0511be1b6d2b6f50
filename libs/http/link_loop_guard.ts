import { hash } from 'node:crypto'

/** Links are remembered as 8 bytes each; a list of more pages than this forgets the oldest. */
const MAX_REMEMBERED = 100_000

/** Notices a list whose links lead in a circle (reference: nextLinks loop in practice). Bounded memory. */
export class LinkLoopGuard {
  readonly #seen = new Set<bigint>()
  readonly #maxRepeats: number
  #repeats = 0

  /** @param maxRepeats how often a link that was followed before may come again */
  constructor(maxRepeats = 3) {
    this.#maxRepeats = maxRepeats
  }

  get repeats(): number {
    return this.#repeats
  }

  /** True when the link may be followed. */
  accepts(link: string): boolean {
    const key = hash('sha256', link, 'buffer').readBigUInt64LE(0)
    if (this.#seen.has(key) && ++this.#repeats >= this.#maxRepeats) return false
    this.#seen.add(key)
    if (this.#seen.size > MAX_REMEMBERED) this.#seen.delete(this.#seen.values().next().value!)
    return true
  }
}
