/**
 * Bytes of answers in flight, over all requests. New requests wait until there is room for an answer of the usual
 * size; answers that turn out larger wait for each other, except the oldest, which always goes on: so the budget is
 * passed by one oversized answer at most, and nothing can wait in a circle.
 */
export class MemoryBudget {
  readonly #maxBytes: number
  /** In order of start; the first is the oldest. */
  readonly #shares = new Set<Share>()
  #used = 0
  /** What an answer usually takes: rises at once, sinks slowly. */
  #usual = 64 * 1024
  /** Called when room may have become free. */
  onRoom: () => void = () => {}

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes held or set aside now. */
  get used(): number {
    return this.#used
  }

  get hasRoom(): boolean {
    return this.#shares.size === 0 || this.#used + this.#usual <= this.#maxBytes
  }

  /** Sets the usual size aside for a request that starts. */
  open(): MemoryShare {
    const share = new Share(this, Math.min(this.#usual, this.#maxBytes))
    this.#used += share.reserved
    this.#shares.add(share)
    return share
  }

  /** True when this share may take more: there is room, or it is the oldest one that takes anything. */
  mayGrow(share: Share): boolean {
    if (this.#used <= this.#maxBytes) return true
    const [oldest] = this.#shares
    return oldest === share
  }

  resize(share: Share, bytes: number): void {
    this.#used += bytes - share.reserved
    share.reserved = bytes
  }

  close(share: Share): void {
    if (!this.#shares.delete(share)) return
    this.#used -= share.reserved
    if (share.taken > 0) this.#usual = Math.max(share.taken, Math.ceil(this.#usual * 0.98))
    for (const waiting of this.#shares) waiting.wake()
    this.onRoom()
  }
}

/** One request's part of the budget. */
export interface MemoryShare {
  /** Takes bytes, and waits while others have to finish first. Never rejects; ends at once when the share is closed. */
  take(bytes: number): Promise<void> | undefined
  close(): void
}

class Share implements MemoryShare {
  readonly #budget: MemoryBudget
  #wake: (() => void) | undefined
  #closed = false
  reserved: number
  taken = 0

  constructor(budget: MemoryBudget, reserved: number) {
    this.#budget = budget
    this.reserved = reserved
  }

  take(bytes: number): Promise<void> | undefined {
    this.taken += bytes
    if (this.taken > this.reserved) this.#budget.resize(this, this.taken)
    return this.#budget.mayGrow(this) ? undefined : this.#wait()
  }

  close(): void {
    this.#closed = true
    this.#budget.close(this)
    this.wake()
  }

  wake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  async #wait(): Promise<void> {
    while (!this.#closed && !this.#budget.mayGrow(this)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
