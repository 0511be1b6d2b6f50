import type { Instant } from '../connect/instant.ts'
import type { SimClock } from './clock.ts'
import { realClock } from './clock.ts'
import type { FaultPlan } from './fault_plan.ts'

/** What `parley simulate` can ask of any source's simulator. */
export interface SimulateOptions {
  /** 0: a free port. */
  port: number
  seed: number
  /** How many messages to make up, a file of conversations (NDJSON, plain or gzip), or the small sample. */
  size: number | { file: string } | 'sample'
  throttle: 'documented' | 'off'
  latencyMs: number
  /** Where the simulator's clock begins; absent: at the real time. Made-up data ends there, so the same time makes the same data. */
  startAt?: Instant
  faults?: FaultPlan
}

export interface RunningSimulator {
  origin: string
  /** The source's connection options that reach it: a connection file's content. */
  connection: object
  close(): Promise<void>
}

/**
 * Starts a simulator on a clock that begins at `startAt` and runs on with the real one. It stands still until the data is
 * made, so that a slow start does not move it by some milliseconds.
 */
export async function startAtInstant<S extends RunningSimulator>(
  startAt: Instant | undefined,
  start: (clock: SimClock) => Promise<S>,
): Promise<S> {
  const clock = realClock()
  if (startAt === undefined) return start(clock)
  let now = (): Instant => startAt
  const simulator = await start({ ...clock, now: () => now() })
  clock.advance(startAt - clock.now())
  now = clock.now
  return simulator
}
