import { createHash } from 'node:crypto'
import { type JsonObject, stableStringify } from '../../../libs/connect/json.ts'
import type { SimClock } from '../../../libs/simulator/clock.ts'
import type { Context } from './context.ts'
import type { LoadReport } from './datasets/load_dataset.ts'
import type { Members } from './members.ts'
import type { Channel, Message, Team } from './model.ts'
import type { MessageKey } from './mutation_types.ts'
import { channelPeople, membershipId, renderMember } from './render_member.ts'
import { renderMessage } from './render_message.ts'
import { keyOf } from './targets.ts'
import type { Truth, TruthChannelMember, TruthCounts, TruthFilter, TruthMember, TruthMessage } from './types.ts'

/** What the API would show now, for comparison with what somebody has read. */
export class TenantTruth implements Truth {
  readonly loaded: LoadReport
  #context: Context
  #clock: SimClock

  constructor(context: Context, clock: SimClock, loaded: LoadReport) {
    this.#context = context
    this.#clock = clock
    this.loaded = loaded
  }

  *messages(filter: TruthFilter = {}): Generator<TruthMessage> {
    const unknownEnumMembers = filter.unknownEnumMembers ?? true
    for (const message of this.#shown(filter)) {
      yield { ...keyOf(message), json: renderMessage(this.#context.tenant, message, { unknownEnumMembers }) }
    }
  }

  message(key: MessageKey): JsonObject | undefined {
    this.#context.late.flush(this.#clock.now())
    const channel = this.#context.tenant.team(key.team_id)?.channels.find((other) => other.id === key.channel_id)
    const message = channel?.byId.get(Number(key.id))
    return message?.shown ? renderMessage(this.#context.tenant, message, { unknownEnumMembers: true }) : undefined
  }

  counts(): TruthCounts {
    const counts: TruthCounts = {
      teams: 0,
      channels: 0,
      messages: 0,
      roots: 0,
      replies: 0,
      systemEvents: 0,
      deleted: 0,
      reactions: 0,
      users: this.#context.tenant.users.length,
      pending: 0,
    }
    for (const message of this.#shown({})) {
      counts.messages++
      counts[message.root ? 'replies' : 'roots']++
      if (!message.author) counts.systemEvents++
      if (message.deleted) counts.deleted++
      counts.reactions += message.reactions?.length ?? 0
    }
    const teams = this.#context.tenant.teams.filter((team) => !team.gone)
    counts.teams = teams.length
    counts.channels = teams.reduce((sum, team) => sum + team.channels.length, 0)
    counts.pending = this.#context.late.size
    return counts
  }

  /** Sum of the rows' hashes modulo 2^64: the order of the rows does not matter. */
  digest(filter: TruthFilter = {}): string {
    let sum = 0n
    for (const message of this.messages(filter)) {
      const hash = createHash('sha256')
        .update(stableStringify({ ...message }))
        .digest()
      sum = BigInt.asUintN(64, sum + hash.readBigUInt64BE(0))
    }
    return sum.toString(16).padStart(16, '0')
  }

  teams(): ReturnType<Truth['teams']> {
    return this.#context.tenant.teams
      .filter((team) => !team.gone)
      .map((team) => ({
        id: team.id,
        displayName: team.displayName,
        channels: team.channels.map(({ id, displayName, membershipType }) => ({ id, displayName, membershipType })),
      }))
  }

  *members(filter: { team_id?: string } = {}): Generator<TruthMember> {
    for (const team of this.#teams(filter)) yield* rowsOf(this.#context, team, team.members)
  }

  *channelMembers(filter: { team_id?: string } = {}): Generator<TruthChannelMember> {
    for (const team of this.#teams(filter)) {
      for (const channel of team.channels) {
        for (const row of rowsOf(this.#context, team, channelPeople(channel))) yield { ...row, channel_id: channel.id }
      }
    }
  }

  #teams(filter: { team_id?: string }): Team[] {
    this.#context.late.flush(this.#clock.now())
    return this.#context.tenant.teams.filter(
      (team) => !team.gone && (filter.team_id === undefined || team.id === filter.team_id),
    )
  }

  *#shown(filter: TruthFilter): Generator<Message> {
    for (const team of this.#teams(filter)) {
      for (const channel of team.channels) {
        if (filter.channels === 'exported' && channel.membershipType === 'shared') continue
        yield* inOrder(channel)
      }
    }
  }
}

function rowsOf(context: Context, team: Team, people: Members): TruthMember[] {
  return people.list().map(([user, role]) => ({
    team_id: team.id,
    id: membershipId(team, user),
    json: renderMember(context.tenant, team, user, role),
  }))
}

function inOrder(channel: Channel): Message[] {
  return channel.all.filter((message) => message.shown).sort((a, b) => a.id - b.id)
}
