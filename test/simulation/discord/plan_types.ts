import type { DiscordSimulatorOptions, PermissionName } from '../../../sources/discord/simulator/index.ts'
import type { Plan, PlannedRun } from '../plan_types.ts'

/** What happens to the servers. Numbers count through what is there at that moment, round and round. */
export type Change =
  /** Changes of messages, reactions, pins and threads of any kind, drawn by the simulator. */
  | { kind: 'messages'; count: number }
  /** Members, roles, emojis and names, drawn by the simulator. */
  | { kind: 'people'; count: number }
  /** The last messages of a channel or thread go at once. */
  | { kind: 'bulk_delete'; place: number; count: number }
  | { kind: 'super_reaction' | 'edit_oldest' | 'delete_oldest'; place: number }
  | { kind: 'new_guild' }
  | { kind: 'delete_guild' | 'kick_bot' | 'delete_role' | 'delete_emoji'; guild: number }
  /** The bot is in every server again. */
  | { kind: 'invite_bot' }
  | { kind: 'time_out'; guild: number; ms: number }
  | { kind: 'new_channel'; guild: number; type: number }
  | { kind: 'delete_channel' | 'rename_channel' | 'hide_channel' | 'show_channel'; channel: number }
  | { kind: 'deny_history' | 'allow_history'; channel: number }
  | { kind: 'deny' | 'allow'; channel: number; permission: PermissionName }
  /** The bot may do everything again, everywhere. */
  | { kind: 'allow_all' }
  | { kind: 'new_thread'; channel: number; private: boolean; joined: boolean; fromMessage: boolean }
  | { kind: 'archive' | 'unarchive' | 'lock' | 'unlock' | 'delete_thread'; thread: number }
  | { kind: 'join_thread' | 'leave_thread'; thread: number }
  | { kind: 'message_content' | 'guild_members'; on: boolean }
  /** The connection learns the new token `late` runs later. */
  | { kind: 'rotate_token'; late: number }

export type RunPlan = PlannedRun<Change>

/** What the options guild_id or channel_id name, as numbers of what is there at the start; null: nothing. */
export type Narrowed = { guilds: number[] } | { channels: number[] } | null

/** Everything that happens in one simulation of Discord; follows from the seed alone. */
export interface SimulationPlan extends Plan<RunPlan> {
  world: DiscordSimulatorOptions
  narrowed: Narrowed
}
