import type { Instant } from '../connect/instant.ts'
import type { SimClock } from './clock.ts'

export interface VirtualClockOptions {
  /** Where time starts; default 2026-01-15T08:00:00Z. */
  start?: Instant
  /**
   * Jump to the next sleeper whenever nothing has happened for a few turns of the event loop, so that a night of
   * waiting takes a second. Client and simulator must share this clock and run in one process.
   */
  auto?: boolean
}

interface Sleeper {
  at: Instant
  order: number
  wake(): void
}

/** How many quiet turns of the event loop count as "everybody waits": loopback requests need a few turns to arrive. */
const QUIET_TURNS = 12

/** A clock that moves only when told to (or, with `auto`, when everybody sleeps). */
export class VirtualClock implements SimClock {
  #now: Instant
  #sleepers: Sleeper[] = []
  #order = 0
  #working = 0
  #quiet = 0
  #ticking: NodeJS.Immediate | undefined
  #auto: boolean

  constructor(options: VirtualClockOptions = {}) {
    this.#now = options.start ?? Date.UTC(2026, 0, 15, 8)
    this.#auto = options.auto ?? false
  }

  now(): Instant {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#quiet = 0
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal!.reason)
      }
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
      }
      this.#sleepers.push(sleeper)
      signal?.addEventListener('abort', abort, { once: true })
      this.#watch()
    })
  }

  advance(ms: number): void {
    const target = this.#now + ms
    for (let next = this.#next(); next && next.at <= target; next = this.#next()) {
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1)
      next.wake()
    }
    this.#now = target
  }

  busy(): () => void {
    this.#working++
    this.#quiet = 0
    let done = false
    return () => {
      if (done) return
      done = true
      this.#working--
      this.#quiet = 0
      this.#watch()
    }
  }

  close(): void {
    this.#auto = false
    if (this.#ticking) clearImmediate(this.#ticking)
    this.#ticking = undefined
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of this.#sleepers) {
      if (!first || sleeper.at < first.at || (sleeper.at === first.at && sleeper.order < first.order)) first = sleeper
    }
    return first
  }

  #watch(): void {
    if (!this.#auto || this.#ticking || this.#sleepers.length === 0) return
    this.#ticking = setImmediate(() => {
      this.#ticking = undefined
      this.#tick()
    })
  }

  #tick(): void {
    const next = this.#next()
    if (!next) return
    if (this.#working > 0) return // the end of that work watches again
    if (++this.#quiet >= QUIET_TURNS) {
      this.#quiet = 0
      this.advance(Math.max(0, next.at - this.#now))
    }
    this.#watch()
  }
}

export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  return new VirtualClock(options)
}
