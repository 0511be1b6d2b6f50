import type { JsonObject } from '../../../libs/connect/json.ts'
import type { SimClock } from '../../../libs/simulator/clock.ts'
import { stableGuid } from '../../../libs/simulator/random.ts'
import type { Context } from './context.ts'
import type { ChangeTarget, MessageKey, MessageMutation, Mutate, Mutation } from './mutation_types.ts'
import { PlaceChanges } from './place_changes.ts'

const ALL_CHANGES: readonly MessageMutation[] = [
  'new_root',
  'new_reply',
  'edit',
  'delete',
  'add_reaction',
  'remove_reaction',
]

/** Every way to change the tenant while it runs. */
export class Mutations extends PlaceChanges implements Mutate {
  #context: Context
  #clock: SimClock

  constructor(context: Context, clock: SimClock) {
    super(context, clock)
    this.#context = context
    this.#clock = clock
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

  rotateSecret(secret?: string): string {
    const { access, tenant } = this.#context
    const fresh = secret ?? `sim~${stableGuid(`secret after ${access.clientSecret}`, tenant.seed).replaceAll('-', '')}`
    access.rotateSecret(fresh)
    return fresh
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
      case 'refuse_export':
        return done(() => this.refuseExport(mutation.team_id))
      case 'allow_export':
        return done(() => this.allowExport(mutation.team_id))
      case 'refuse_channel':
        return done(() => this.refuseChannel(mutation.team_id, mutation.channel_id))
      case 'allow_channel':
        return done(() => this.allowChannel(mutation.team_id, mutation.channel_id))
      case 'add_member':
        return { ...this.addMember(mutation) }
      case 'remove_member':
        return { ...this.removeMember(mutation) }
      case 'rotate_secret':
        return { client_secret: this.rotateSecret(mutation.secret) }
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
}

function done(act: () => void): JsonObject {
  act()
  return {}
}
