/**
 * What one read or one run finds out once and uses for several feeds: the list of teams serves three
 * feeds of Teams and costs one walk. A session lives as long as its read, so nothing in it grows stale.
 */
export class Session {
  readonly #found = new Map<string, Promise<unknown>>()

  /** Runs `find` at the first call with this key; later calls share its result, or its error. */
  once<T>(key: string, find: () => Promise<T>): Promise<T> {
    let found = this.#found.get(key) as Promise<T> | undefined
    if (found === undefined) {
      found = find()
      this.#found.set(key, found)
    }
    return found
  }
}
