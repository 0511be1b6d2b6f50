import { processRuntime } from '../../libs/connect/process_runtime.ts'
import type { Runtime } from '../../libs/connect/source.ts'
import type { Observer } from '../../libs/observe/events.ts'
import type { SimClock } from '../../libs/simulator/clock.ts'
import { seededRandom } from '../../libs/simulator/random.ts'

/** The real clock and chance; limits so wide that a simulator without throttling is not waited for. */
export function testRuntime(observer?: Observer): Runtime {
  return processRuntime(observer, 100)
}

/** The clock of a simulator: with a virtual one a night of throttling passes in moments. Limits as wide as above. */
export function clockRuntime(clock: SimClock, observer: Observer): Runtime {
  const random = seededRandom(7)
  return {
    observer,
    now: clock.now.bind(clock),
    random: () => random.next(),
    // Whole milliseconds, as timers have them: the simulator's page tokens hold its time.
    sleep: (ms, signal) => clock.sleep(Math.ceil(ms), signal),
    rateShare: 100,
    maxMemoryBytes: 512 * 1024 * 1024,
  }
}
