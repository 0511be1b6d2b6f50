/** More rows than this are not remembered: the set says "new" for them. */
const MAX_REMEMBERED = 100_000

/** Rows by the hash of their key and version. Bounded. */
export class RowSet {
  readonly #hashes = new Set<bigint>()

  /** True when the row is new to the set. */
  add(rowHash: bigint): boolean {
    if (this.#hashes.has(rowHash)) return false
    if (this.#hashes.size < MAX_REMEMBERED) this.#hashes.add(rowHash)
    return true
  }
}
