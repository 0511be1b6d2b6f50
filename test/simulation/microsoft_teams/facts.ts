import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Check as CheckOf, Facts as FactsOf } from '../game.ts'
import type { StoredLine } from '../stored.ts'
import type { SimulationPlan } from './plan_types.ts'
import type { TeamsStored } from './stored.ts'
import type { World } from './world.ts'

export type Facts = FactsOf<SimulationPlan, World, TeamsStored, Truth>

export type Check = CheckOf<Facts>

export interface TrueMessage {
  table: 'messages' | 'message_replies'
  key: string
  team_id: string
  channel_id: string
  isShared: boolean
  modified: number
  json: JsonObject
}

/** What the tenant shows at this moment. */
export interface Truth {
  messages: Map<string, TrueMessage>
  teams: ReturnType<World['simulator']['truth']['teams']>
}

export function readTruth({ simulator: { truth } }: World): Truth {
  const teams = truth.teams()
  const shared = new Set<string>()
  for (const team of teams)
    for (const channel of team.channels) if (channel.membershipType === 'shared') shared.add(`${team.id}/${channel.id}`)
  const messages = new Map<string, TrueMessage>()
  for (const { team_id, channel_id, id, json } of truth.messages()) {
    const parent = typeof json.replyToId === 'string' ? json.replyToId : ''
    const key = `${team_id}/${channel_id}/${parent}/${id}`
    messages.set(key, {
      table: parent === '' ? 'messages' : 'message_replies',
      key,
      team_id,
      channel_id,
      isShared: shared.has(`${team_id}/${channel_id}`),
      modified: Date.parse(String(json.lastModifiedDateTime)),
      json,
    })
  }
  return { messages, teams }
}

/** True when the partition of this line of coverage is where the message is read. */
export function covers({ job, params }: StoredLine, message: TrueMessage): boolean {
  if (job !== `microsoft_teams.${message.table}` || params.team_id !== message.team_id) return false
  return params.channel_id === undefined ? !message.isShared : params.channel_id === message.channel_id
}
