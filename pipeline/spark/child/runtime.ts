import { setTimeout as delay } from 'node:timers/promises'
import type { Runtime } from '../../../libs/connect/source.ts'
import type { Observer } from '../../../libs/observe/events.ts'

/** The longest wait that a timer can hold. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Several children share an executor's memory, so each keeps less in flight than a sync on its own machine. */
const MAX_MEMORY_BYTES = 128 * 1024 * 1024

/** The real clock and chance of a child process, with its share of the API's limits. */
export function childRuntime(rateShare: number, observer: Observer): Runtime {
  return {
    observer,
    now: Date.now,
    random: Math.random,
    sleep: async (ms, signal) => {
      for (let left = Math.max(0, ms); ; left -= MAX_TIMER_MS) {
        await delay(Math.min(left, MAX_TIMER_MS), undefined, signal === undefined ? {} : { signal })
        if (left <= MAX_TIMER_MS) return
      }
    },
    rateShare,
    maxMemoryBytes: MAX_MEMORY_BYTES,
  }
}
