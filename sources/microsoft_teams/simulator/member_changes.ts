import type { Context } from './context.ts'
import type { Members } from './members.ts'
import type { Channel, Team, User } from './model.ts'
import type { MemberKey, MemberTarget } from './mutation_types.ts'
import { channelPeople, membershipId } from './render_member.ts'
import { Targets } from './targets.ts'

/** Changes of who belongs to a team or a channel. */
export class MemberChanges {
  #context: Context
  #targets: Targets

  constructor(context: Context) {
    this.#context = context
    this.#targets = new Targets(context.tenant, context.random)
  }

  /** Members of a private channel join its team as well; those of shared channels need not. */
  add(target: MemberTarget): MemberKey {
    const { team, channel, people } = this.#place(target)
    const user = this.#user(target) ?? this.#context.tenant.user(`New member ${this.#context.tenant.users.length + 1}`)
    people.add(user, target.role ?? 'member')
    if (channel?.membershipType === 'private' && !team.members.has(user)) team.members.add(user, 'member')
    return keyOf(team, channel, user)
  }

  /** Who leaves a team leaves its private channels too. */
  remove(target: MemberTarget): MemberKey {
    const { team, channel, people } = this.#place(target)
    const members = people.list()
    const user = this.#user(target) ?? members[this.#context.random.below(members.length)]?.[0]
    if (!user || !people.has(user)) throw new TypeError('The simulator holds no such member.')
    people.remove(user)
    if (!channel) for (const inner of team.channels) if (inner.membershipType === 'private') inner.members.remove(user)
    return keyOf(team, channel, user)
  }

  #place(target: MemberTarget): { team: Team; channel: Channel | undefined; people: Members } {
    const team = this.#targets.team(target.team_id)
    if (target.channel_id === undefined) return { team, channel: undefined, people: team.members }
    const channel = this.#targets.channel({ team_id: team.id, channel_id: target.channel_id })
    if (channel.membershipType === 'standard')
      throw new TypeError('A standard channel has the members of its team: leave channel_id out.')
    return { team, channel, people: channelPeople(channel) }
  }

  #user(target: MemberTarget): User | undefined {
    const { tenant } = this.#context
    if (target.user_id !== undefined) {
      const user = tenant.users.find((other) => other.id === target.user_id)
      if (!user) throw new TypeError(`The simulator holds no user ${target.user_id}.`)
      return user
    }
    return target.displayName === undefined ? undefined : tenant.user(target.displayName)
  }
}

function keyOf(team: Team, channel: Channel | undefined, user: User): MemberKey {
  const place = { team_id: team.id, ...(channel ? { channel_id: channel.id } : {}) }
  return { ...place, id: membershipId(team, user), user_id: user.id }
}
