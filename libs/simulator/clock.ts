import type { Instant } from '../connect/instant.ts'

/** The simulator's only source of time. `Date` headers, rate windows, token lifetimes and late visibility follow it. */
export interface SimClock {
  /** Milliseconds since 1970. */
  now(): Instant
  /** Resolves when this clock has moved on by `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves the clock forward; sleepers whose time has come wake in order. */
  advance(ms: number): void
  /** A unit of work that must not be overtaken by an automatic jump; call the returned function when it is done. */
  busy?(): () => void
  /** Ends pending automatic jumps, so that a process can exit. */
  close?(): void
}

/** The machine's clock; `advance` adds an offset to it. */
export function realClock(): SimClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    advance: (ms) => {
      offset += ms
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const timer = setTimeout(done, Math.max(0, ms))
        function done(): void {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        function abort(): void {
          clearTimeout(timer)
          reject(signal!.reason)
        }
        signal?.addEventListener('abort', abort, { once: true })
      }),
  }
}
