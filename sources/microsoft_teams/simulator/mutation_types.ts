import type { Instant } from '../../../libs/connect/instant.ts'
import type { JsonObject } from '../../../libs/connect/json.ts'

/** A Teams message id is unique only inside its channel. */
export interface MessageKey {
  team_id: string
  channel_id: string
  id: string
}

/** Where and when a change happens. What is left out is drawn from the simulator's seed; `at` defaults to now. */
export interface ChangeTarget extends Partial<MessageKey> {
  /** The stamp of the change: `createdDateTime` or `lastModifiedDateTime`. */
  at?: Instant
  text?: string
  /** Overrides `lateVisibilityMs` for this change. */
  visible_after_ms?: number
}

/** A place for a member, and who. Without `channel_id` it is the team; standard channels have the members of theirs. */
export interface MemberTarget {
  team_id?: string
  channel_id?: string
  /** A user by id, or by name (made where there is none). Left out: somebody new to add, any member to remove. */
  user_id?: string
  displayName?: string
  /** To add, or to change. Default `member`. */
  role?: 'owner' | 'guest' | 'member'
}

/** What identifies a membership, and whose it is. */
export interface MemberKey {
  team_id: string
  channel_id?: string
  id: string
  user_id: string
}

export type MessageMutation = 'new_root' | 'new_reply' | 'edit' | 'delete' | 'add_reaction' | 'remove_reaction'

/** A change in JSON, as `POST /_simulator/mutate` takes it. */
export type Mutation =
  | ({ kind: MessageMutation } & ChangeTarget)
  | { kind: 'random'; team_id?: string; among?: MessageMutation[] }
  | { kind: 'new_channel'; team_id?: string; displayName?: string; membershipType?: 'standard' | 'private' | 'shared' }
  | { kind: 'remove_channel'; team_id: string; channel_id: string }
  | { kind: 'new_team'; displayName?: string }
  | { kind: 'remove_team' | 'restore_team'; team_id: string }
  /** 403 on everything of the team, until allowed again. */
  | { kind: 'refuse_team' | 'allow_team'; team_id: string }
  /** 403 on the export of the team alone: the app has resource-specific consent there and nothing more. */
  | { kind: 'refuse_export' | 'allow_export'; team_id: string }
  /** 403 on the calls of the channel itself; it stays in the list. */
  | { kind: 'refuse_channel' | 'allow_channel'; team_id: string; channel_id: string }
  | ({ kind: 'add_member' | 'remove_member' } & MemberTarget)
  /** Answers `client_secret`. */
  | { kind: 'rotate_secret'; secret?: string }
  | { kind: 'revoke_role' | 'grant_role'; role: string }
  | { kind: 'expire_tokens' }
  /** Everything stamped becomes visible at once. */
  | { kind: 'settle' }

/** Changes in-process. Every function answers what it touched. */
export interface Mutate {
  newRoot(target?: ChangeTarget): MessageKey
  /** `id` is the root's. The root's lastModifiedDateTime does not move. */
  newReply(target?: ChangeTarget): MessageKey
  edit(target?: ChangeTarget): MessageKey
  delete(target?: ChangeTarget): MessageKey
  addReaction(target?: ChangeTarget): MessageKey
  removeReaction(target?: ChangeTarget): MessageKey
  newChannel(target?: { team_id?: string; displayName?: string; membershipType?: 'standard' | 'private' | 'shared' }): {
    team_id: string
    channel_id: string
  }
  removeChannel(team_id: string, channel_id: string): void
  newTeam(displayName?: string): { team_id: string }
  removeTeam(team_id: string): void
  restoreTeam(team_id: string): void
  refuseTeam(team_id: string): void
  allowTeam(team_id: string): void
  refuseExport(team_id: string): void
  allowExport(team_id: string): void
  refuseChannel(team_id: string, channel_id: string): void
  allowChannel(team_id: string, channel_id: string): void
  addMember(target?: MemberTarget): MemberKey
  removeMember(target?: MemberTarget): MemberKey
  /** Answers the new secret. The old one gets AADSTS7000215; tokens already given work until they expire. */
  rotateSecret(secret?: string): string
  revokeRole(role: string): void
  grantRole(role: string): void
  expireTokens(): void
  settle(): void
  /** A seeded message change, as `mutateDuringWalk` makes them. */
  random(options?: { team_id?: string; among?: MessageMutation[] }): MessageKey
  /** The JSON form of all of these. */
  apply(mutation: Mutation): JsonObject
}

/** Every `every`-th answered request of the given calls is followed by one seeded change in the team it read. */
export interface MutationPlan {
  every: number
  /** Default `['export']`. */
  routes?: string[]
  /** Default: all six. */
  among?: MessageMutation[]
  /** At most so many changes; default 10,000. */
  max?: number
}
