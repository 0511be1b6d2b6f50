import type { FaultRule } from '../../libs/simulator/fault_plan.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'
import type { TeamsSimulatorOptions } from '../../sources/microsoft_teams/simulator/index.ts'

export type ReadMode = 'auto' | 'export' | 'delta' | 'list'

/** What happens to the tenant. `team` and `channel` count through what is there at that moment, round and round. */
export type Change =
  /** Message changes of any kind, drawn by the simulator. */
  | { kind: 'messages'; count: number }
  | { kind: 'members'; count: number }
  | { kind: 'new_team' }
  | { kind: 'new_channel'; team: number; membershipType: 'standard' | 'private' | 'shared' }
  | { kind: 'remove_team' | 'refuse_team' | 'refuse_export'; team: number }
  | { kind: 'remove_channel' | 'refuse_channel'; team: number; channel: number }
  /** Every team that was removed is there again. */
  | { kind: 'restore_teams' }
  /** Teams, channels and exports that were refused answer again. */
  | { kind: 'allow_all' }
  | { kind: 'revoke_role'; role: string }
  | { kind: 'grant_roles' }
  | { kind: 'expire_tokens' }
  /** The connection learns the new secret `late` runs later. */
  | { kind: 'rotate_secret'; late: number }

/** Where a run is broken off. */
export interface Stop {
  /** `abort`: as by Ctrl-C. `crash`: nothing that the process does from that moment on leaves a trace. */
  kind: 'abort' | 'crash'
  /** At the n-th event of this type. A crash is at a phase of a commit. */
  event: 'request' | 'page' | 'partition_started' | 'discovered' | 'throttled' | 'retried' | 'commit_phase'
  phase?: 'stage' | 'apply' | 'commit' | 'done'
  nth: number
}

export interface RunPlan {
  readMode: ReadMode
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
export interface SimulationPlan {
  seed: number
  world: TeamsSimulatorOptions
  /** Connection options beside those of the simulator. */
  connection: Record<string, number>
  tables: string[]
  /** A table that joins later than the others. */
  late: { table: string; fromRun: number } | null
  /** Table options beside read_mode, for every table. */
  options: Record<string, string>
  scdType: ScdType
  workers: number
  /** Rows of a commit unit. */
  unitRows: number
  /** Documented limits, or limits so wide that only faults throttle. */
  rateShare: number
  runs: RunPlan[]
}
