import { processRuntime, shareOfEnvironment } from '../../libs/connect/process_runtime.ts'
import type { Runtime } from '../../libs/connect/source.ts'
import type { Observer } from '../../libs/observe/events.ts'

/** The runtime of a command. */
export function commandRuntime(observer: Observer): Runtime {
  return processRuntime(observer, shareOfEnvironment())
}
