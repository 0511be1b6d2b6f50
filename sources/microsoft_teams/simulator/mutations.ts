import type { JsonObject } from '../../../libs/connect/json.ts'
import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { Context } from './context.ts'
import { MessageChanges } from './message_changes.ts'
import type { MembershipType, Team } from './model.ts'
import type { ChangeTarget, MessageKey, MessageMutation, Mutate, Mutation } from './mutation_types.ts'
import { Targets } from './targets.ts'

const ALL_CHANGES: readonly MessageMutation[] = [
  'new_root',
  'new_reply',
  'edit',
  'delete',
  'add_reaction',
  'remove_reaction',
]

/** Every way to change the tenant while it runs. */
export class Mutations extends MessageChanges implements Mutate {
  #context: Context
  #clock: SimClock
  #targets: Targets

  constructor(context: Context, clock: SimClock) {
    super(context, clock)
    this.#context = context
    this.#clock = clock
    this.#targets = new Targets(context.tenant, context.random)
  }

  newChannel(target: { team_id?: string; displayName?: string; membershipType?: MembershipType } = {}): {
    team_id: string
    channel_id: string
  } {
    const team = this.#targets.team(target.team_id)
    const name = target.displayName ?? `New topic ${team.channels.length}`
    const channel = this.#context.tenant.addChannel(team, name, target.membershipType ?? 'standard', this.#clock.now())
    return { team_id: team.id, channel_id: channel.id }
  }

  removeChannel(team_id: string, channel_id: string): void {
    this.#context.tenant.removeChannel(this.#targets.channel({ team_id, channel_id }))
  }

  newTeam(displayName?: string): { team_id: string } {
    const { tenant } = this.#context
    const name = displayName ?? `New team ${tenant.teams.length + 1}`
    const team = tenant.addTeam(name, `The people of ${name}`, this.#clock.now())
    tenant.addChannel(team, 'General', 'standard', team.created)
    return { team_id: team.id }
  }

  removeTeam(team_id: string): void {
    this.#anyTeam(team_id).gone = true
  }

  restoreTeam(team_id: string): void {
    this.#anyTeam(team_id).gone = false
  }

  refuseTeam(team_id: string): void {
    this.#anyTeam(team_id).refused = true
  }

  allowTeam(team_id: string): void {
    this.#anyTeam(team_id).refused = false
  }

  revokeRole(role: string): void {
    this.#context.access.revoke(role)
  }

  grantRole(role: string): void {
    this.#context.access.grant(role)
  }

  expireTokens(): void {
    this.#context.access.expireAll()
  }

  settle(): void {
    this.#context.late.flush(Number.POSITIVE_INFINITY)
  }

  random(options: { team_id?: string; among?: readonly MessageMutation[] } = {}): MessageKey {
    const kind = this.#context.random.pick(options.among ?? ALL_CHANGES)
    const target: ChangeTarget = options.team_id === undefined ? {} : { team_id: options.team_id }
    // Now and then exactly on the second: stamps on window borders happen to changes too.
    if (this.#context.random.below(4) === 0) target.at = Math.floor(this.#clock.now() / 1000) * 1000
    return this.#changeMessage(kind, target)
  }

  apply(mutation: Mutation): JsonObject {
    switch (mutation.kind) {
      case 'random':
        return { ...this.random(mutation) }
      case 'new_channel':
        return this.newChannel(mutation)
      case 'remove_channel':
        return done(() => this.removeChannel(mutation.team_id, mutation.channel_id))
      case 'new_team':
        return this.newTeam(mutation.displayName)
      case 'remove_team':
        return done(() => this.removeTeam(mutation.team_id))
      case 'restore_team':
        return done(() => this.restoreTeam(mutation.team_id))
      case 'refuse_team':
        return done(() => this.refuseTeam(mutation.team_id))
      case 'allow_team':
        return done(() => this.allowTeam(mutation.team_id))
      case 'revoke_role':
        return done(() => this.revokeRole(mutation.role))
      case 'grant_role':
        return done(() => this.grantRole(mutation.role))
      case 'expire_tokens':
        return done(() => this.expireTokens())
      case 'settle':
        return done(() => this.settle())
      default:
        return { ...this.#changeMessage(mutation.kind, mutation) }
    }
  }

  #changeMessage(kind: MessageMutation, target: ChangeTarget): MessageKey {
    switch (kind) {
      case 'new_root':
        return this.newRoot(target)
      case 'new_reply':
        return this.newReply(target)
      case 'edit':
        return this.edit(target)
      case 'delete':
        return this.delete(target)
      case 'add_reaction':
        return this.addReaction(target)
      case 'remove_reaction':
        return this.removeReaction(target)
      default:
        throw new TypeError(`There is no change called ${String(kind)}.`)
    }
  }

  #anyTeam(id: string): Team {
    const team = this.#context.tenant.teams.find((other) => other.id === id)
    if (!team) throw new TypeError(`The simulator holds no team ${id}.`)
    return team
  }
}

function done(act: () => void): JsonObject {
  act()
  return {}
}
