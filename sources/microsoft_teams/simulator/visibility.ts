import type { Instant } from '../../../libs/connect/instant.ts'

interface Late {
  at: Instant
  show(): void
}

/** Changes that are stamped but not to be seen yet. Whoever reads the tenant calls `flush` first. */
export class LateChanges {
  /** Sorted by time, latest first: the next one is at the end. */
  #late: Late[] = []

  get size(): number {
    return this.#late.length
  }

  add(at: Instant, show: () => void): void {
    let place = this.#late.length
    while (place > 0 && this.#late[place - 1]!.at <= at) place--
    this.#late.splice(place, 0, { at, show })
  }

  /** Shows everything whose time has come. */
  flush(now: Instant): void {
    while (this.#late.length > 0 && this.#late.at(-1)!.at <= now) this.#late.pop()!.show()
  }
}
