import type { FaultRule } from '../../libs/simulator/fault_plan.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'

/** Where a run is broken off. */
export interface Stop {
  /** `abort`: as by Ctrl-C. `crash`: nothing that the process does from that moment on leaves a trace. */
  kind: 'abort' | 'crash'
  /** At the n-th event of this type. A crash is at a phase of a commit. */
  event: 'request' | 'page' | 'partition_started' | 'discovered' | 'throttled' | 'retried' | 'commit_phase'
  phase?: 'stage' | 'apply' | 'commit' | 'done'
  nth: number
}

/** One sync, and what happens before and during it. Changes are the source's own. */
export interface PlannedRun<Change extends object = object> {
  full: boolean
  /** Before the run begins. */
  before: Change[]
  /** While it goes on: after so many answered requests. */
  during: { afterRequests: number; change: Change }[]
  faults: FaultRule[]
  stop: Stop | null
  /** Time that passes after it. */
  pauseMs: number
}

/** Everything that happens in one simulation; follows from the seed alone. */
export interface Plan<Run extends PlannedRun = PlannedRun> {
  seed: number
  /** Options of the simulator. */
  world: { throttle?: 'documented' | 'off'; latencyMs?: number }
  /** Connection options beside those of the simulator. */
  connection: Record<string, number>
  tables: string[]
  /** A table that joins later than the others. */
  late: { table: string; fromRun: number } | null
  /** Table options for every table and every run. */
  options: Record<string, string>
  scdType: ScdType
  workers: number
  /** Rows of a commit unit. */
  unitRows: number
  /** Documented limits, or limits so wide that only faults throttle. */
  rateShare: number
  runs: Run[]
}
