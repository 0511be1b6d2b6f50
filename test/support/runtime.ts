import { setTimeout as delay } from 'node:timers/promises'
import type { Runtime } from '../../libs/connect/source.ts'
import type { Event, Observer } from '../../libs/observe/events.ts'

/** The real clock and chance; limits so wide that a simulator without throttling is not waited for. */
export function testRuntime(observer: Observer = () => {}): Runtime {
  return {
    observer,
    now: Date.now,
    random: Math.random,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, signal === undefined ? {} : { signal })
    },
    rateShare: 100,
    maxMemoryBytes: 512 * 1024 * 1024,
  }
}

/** A runtime that keeps its events. */
export function recordingRuntime(): { runtime: Runtime; events: Event[] } {
  const events: Event[] = []
  return { runtime: testRuntime((event) => events.push(event)), events }
}
