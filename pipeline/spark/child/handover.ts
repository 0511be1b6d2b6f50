/** What is handed over while many bring it: each who brings something goes on when it was taken, as a generator does. */
export class Handover<T> {
  readonly #brought: { value: T; taken: PromiseWithResolvers<void> }[] = []
  #bell = Promise.withResolvers<void>()
  #end: { error: unknown } | null = null
  #isGone = false

  /** Resolves when the value was taken and the next one is wanted. @throws TakerGoneError: nobody takes any more */
  async bring(value: T): Promise<void> {
    if (this.#isGone || this.#end !== null) throw new TakerGoneError()
    const taken = Promise.withResolvers<void>()
    this.#brought.push({ value, taken })
    this.#bell.resolve()
    await taken.promise
  }

  /** Nothing comes any more: what was brought is still taken. */
  done(): void {
    this.#end ??= { error: undefined }
    this.#bell.resolve()
  }

  /** The first one counts; what was brought and not yet taken is given up. */
  fail(error: unknown): void {
    if (this.#end !== null) return
    this.#end = { error }
    this.#giveUp()
    this.#bell.resolve()
  }

  /** @throws what `fail` was told */
  async *taken(): AsyncGenerator<T> {
    try {
      for (;;) {
        for (let one = this.#brought[0]; one !== undefined; one = this.#brought[0]) {
          yield one.value
          this.#brought.shift()?.taken.resolve()
        }
        if (this.#end?.error !== undefined) throw this.#end.error
        if (this.#end !== null) return
        await this.#bell.promise
        this.#bell = Promise.withResolvers<void>()
      }
    } finally {
      this.#isGone = true
      this.#giveUp()
    }
  }

  #giveUp(): void {
    for (const { taken } of this.#brought.splice(0)) taken.reject(new TakerGoneError())
  }
}

/** Ends a reader whose rows nobody wants. Never seen outside. */
class TakerGoneError extends Error {}
