/**
 * Answers that must be of a moment after the question: of a right, say, that can have been withdrawn just now. All who ask
 * while one is on its way share the next: that one may have begun before they asked.
 */
export class Fresh<T> {
  readonly #find: () => Promise<T>
  #underWay: Promise<unknown> | null = null
  #next: Promise<T> | null = null

  constructor(find: () => Promise<T>) {
    this.#find = find
  }

  get(): Promise<T> {
    if (this.#next !== null) return this.#next
    if (this.#underWay === null) return this.#ask()
    this.#next = this.#underWay.then(() => {
      this.#next = null
      return this.#ask()
    })
    return this.#next
  }

  #ask(): Promise<T> {
    const answer = this.#find()
    const settled = answer
      .catch(() => {})
      .finally(() => {
        if (this.#underWay === settled) this.#underWay = null
      })
    this.#underWay = settled
    return answer
  }
}
