import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { Context } from './context.ts'
import { MemberChanges } from './member_changes.ts'
import { MessageChanges } from './message_changes.ts'
import type { MembershipType, Team } from './model.ts'
import type { MemberKey, MemberTarget } from './mutation_types.ts'
import { Targets } from './targets.ts'

/** Changes of teams, channels and members, and of what of them is refused. */
export class PlaceChanges extends MessageChanges {
  #context: Context
  #clock: SimClock
  #targets: Targets
  #members: MemberChanges

  constructor(context: Context, clock: SimClock) {
    super(context, clock)
    this.#context = context
    this.#clock = clock
    this.#targets = new Targets(context.tenant, context.random)
    this.#members = new MemberChanges(context)
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

  refuseExport(team_id: string): void {
    this.#anyTeam(team_id).exportRefused = true
  }

  allowExport(team_id: string): void {
    this.#anyTeam(team_id).exportRefused = false
  }

  refuseChannel(team_id: string, channel_id: string): void {
    this.#targets.channel({ team_id, channel_id }).refused = true
  }

  allowChannel(team_id: string, channel_id: string): void {
    this.#targets.channel({ team_id, channel_id }).refused = false
  }

  addMember(target: MemberTarget = {}): MemberKey {
    return this.#members.add(target)
  }

  removeMember(target: MemberTarget = {}): MemberKey {
    return this.#members.remove(target)
  }

  #anyTeam(id: string): Team {
    const team = this.#context.tenant.teams.find((other) => other.id === id)
    if (!team) throw new TypeError(`The simulator holds no team ${id}.`)
    return team
  }
}
