import { processRuntime } from '../../libs/connect/process_runtime.ts'
import type { Runtime } from '../../libs/connect/source.ts'
import type { Observer } from '../../libs/observe/events.ts'

/**
 * The runtime of a command. PARLEY_RATE_SHARE is its share of the documented limits, for several processes with
 * one app; more than 1 only makes sense against a simulator that does not throttle.
 */
export function commandRuntime(observer: Observer): Runtime {
  const share = Number(process.env.PARLEY_RATE_SHARE)
  return processRuntime(observer, share > 0 ? share : 1)
}
