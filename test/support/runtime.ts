import { processRuntime } from '../../libs/connect/process_runtime.ts'
import type { Runtime } from '../../libs/connect/source.ts'
import type { Observer } from '../../libs/observe/events.ts'

/** The real clock and chance; limits so wide that a simulator without throttling is not waited for. */
export function testRuntime(observer?: Observer): Runtime {
  return processRuntime(observer, 100)
}
