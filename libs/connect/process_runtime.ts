import { setTimeout as delay } from 'node:timers/promises'
import { type Observer, silent } from '../observe/events.ts'
import type { Runtime } from './source.ts'

/** The longest wait that a timer can hold. */
const MAX_TIMER_MS = 2 ** 31 - 1
/** Bytes of responses in flight, over all requests of the connection. */
const MAX_MEMORY_BYTES = 512 * 1024 * 1024

/**
 * This process: the real clock and real chance.
 *
 * @param rateShare share of the documented limits that it may use: 0.5 where two processes read with the same app
 * @param partitionRateShare the same for limits of one partition; default `rateShare`
 */
export function processRuntime(observer: Observer = silent, rateShare = 1, partitionRateShare = rateShare): Runtime {
  const shares = { rateShare, partitionRateShare }
  return { observer, now: Date.now, random: Math.random, sleep, ...shares, maxMemoryBytes: MAX_MEMORY_BYTES }
}

/**
 * PARLEY_RATE_SHARE: this process's share of the documented limits, for several with one app; more than 1 only makes sense
 * against a simulator that does not throttle.
 */
export function shareOfEnvironment(): number {
  const share = Number(process.env.PARLEY_RATE_SHARE)
  return share > 0 ? share : 1
}

/** @throws the signal's reason */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  for (let left = Math.max(0, ms); ; left -= MAX_TIMER_MS) {
    try {
      await delay(Math.min(left, MAX_TIMER_MS), undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      throw signal?.aborted ? signal.reason : error
    }
    if (left <= MAX_TIMER_MS) return
  }
}
