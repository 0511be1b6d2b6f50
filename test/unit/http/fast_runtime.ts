import type { Runtime } from '../../../libs/connect/source.ts'
import type { Event } from '../../../libs/observe/events.ts'

export interface FastRuntime extends Runtime {
  /** Milliseconds of every wait, in order. */
  readonly waits: number[]
  readonly events: Event[]
}

/** The real clock, except that waits of more than a few milliseconds are jumped over. Chance is 0.5. */
export function fastRuntime(overrides: Partial<Runtime> = {}): FastRuntime {
  const waits: number[] = []
  const events: Event[] = []
  let ahead = 0
  return {
    waits,
    events,
    observer: (event) => events.push(event),
    now: () => Date.now() + ahead,
    random: () => 0.5,
    sleep: (ms, signal) => {
      signal?.throwIfAborted()
      waits.push(ms)
      ahead += ms
      return new Promise((resolve) => setImmediate(resolve))
    },
    rateShare: 1,
    maxMemoryBytes: 64 * 1024 * 1024,
    ...overrides,
  }
}
