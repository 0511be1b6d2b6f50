import type { TeamsSimulatorOptions } from '../../../sources/microsoft_teams/simulator/index.ts'
import type { Plan, PlannedRun } from '../plan_types.ts'

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

export interface RunPlan extends PlannedRun<Change> {
  readMode: ReadMode
}

/** Everything that happens in one simulation of Microsoft Teams; `options` are those beside read_mode. */
export interface SimulationPlan extends Plan<RunPlan> {
  world: TeamsSimulatorOptions
}
