import type { Random } from '../../../libs/simulator/random.ts'
import type { Channel, Message, Team } from './model.ts'
import type { ChangeTarget, MessageKey } from './mutation_types.ts'
import type { Tenant } from './tenant.ts'

const ATTEMPTS = 1000

/** Finds what a change is about: what was named, or something drawn from the seed. Throws TypeError where there is none. */
export class Targets {
  #tenant: Tenant
  #random: Random

  constructor(tenant: Tenant, random: Random) {
    this.#tenant = tenant
    this.#random = random
  }

  team(id?: string): Team {
    if (id !== undefined) return found(this.#tenant.team(id), `team ${id}`)
    const teams = this.#tenant.teams.filter((team) => !team.gone && team.channels.length > 0)
    return found(teams[this.#random.below(teams.length)], 'any team')
  }

  channel(target: ChangeTarget): Channel {
    const team = this.team(target.team_id)
    if (target.channel_id !== undefined) {
      return found(
        team.channels.find((channel) => channel.id === target.channel_id),
        `channel ${target.channel_id}`,
      )
    }
    return found(team.channels[this.#random.below(team.channels.length)], `any channel in team ${team.id}`)
  }

  /** The named message, or one that fits; `fits` does not apply to a named one. */
  message(target: ChangeTarget, fits: (message: Message) => boolean): Message {
    if (target.id !== undefined) {
      return found(this.channel(target).byId.get(Number(target.id)), `message ${target.id}`)
    }
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { all } = this.channel(target)
      const message = all[this.#random.below(all.length)]
      if (message && fits(message)) return message
    }
    throw new TypeError('The simulator holds no message that fits this change.')
  }
}

export function keyOf(message: Message): MessageKey {
  return { team_id: message.channel.team.id, channel_id: message.channel.id, id: String(message.id) }
}

function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new TypeError(`The simulator holds no ${name}.`)
  return thing
}
