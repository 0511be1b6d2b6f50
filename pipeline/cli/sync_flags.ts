import type { PlanFlags } from './build_plan.ts'
import type { OutputFormat } from './flags.ts'
import type { ProgressMode } from './observing.ts'

/** The flags of `parley sync`. */
export interface SyncFlags extends PlanFlags {
  destination: string
  workers?: number
  waitLock?: boolean
  full?: boolean
  /** Seconds. */
  every?: number
  dryRun?: boolean
  output: OutputFormat
  progress: ProgressMode
}
