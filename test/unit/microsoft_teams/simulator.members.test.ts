import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { type GraphClient, graphClient } from '../simulator/graph_client.ts'

let simulator: TeamsSimulator
let client: GraphClient
let team_id: string
let channels: { id: string; membershipType: string }[]

beforeEach(async () => {
  const dataset = { generated: { teams: 2, channelsPerTeam: 6, messagesPerChannel: 40 } }
  simulator = await startTeamsSimulator({ throttle: 'off', dataset, sharedChannels: 1 })
  client = await graphClient(simulator)
  const team = simulator.truth.teams()[0]!
  team_id = team.id
  channels = team.channels
})
afterEach(() => simulator.close())

function ofType(membershipType: string): string {
  return channels.find((channel) => channel.membershipType === membershipType)!.id
}

function inTeam(): Promise<JsonObject[]> {
  return client.walk(`/teams/${team_id}/members?$top=7`)
}

function inChannel(channel_id: string): Promise<JsonObject[]> {
  return client.walk(`/teams/${team_id}/channels/${channel_id}/members?$top=7`)
}

describe('members', () => {
  it('equal the truth, of teams and of every kind of channel', async () => {
    for (const team of simulator.truth.teams()) {
      const truth = [...simulator.truth.members({ team_id: team.id })]
      expect(await client.walk(`/teams/${team.id}/members`)).toEqual(truth.map((row) => row.json))
      expect(truth.every((row) => row.team_id === team.id && row.id === row.json.id)).toBe(true)
      const rows = [...simulator.truth.channelMembers({ team_id: team.id })]
      for (const channel of team.channels) {
        const own = rows.filter((row) => row.channel_id === channel.id)
        const walked = await client.walk(`/teams/${team.id}/channels/${channel.id}/members`)
        expect(walked).toEqual(own.map((row) => row.json))
      }
    }
    expect(new Set(channels.map((channel) => channel.membershipType))).toEqual(
      new Set(['standard', 'private', 'shared']),
    )
  })

  it('have an id that says nothing of the channel', async () => {
    const [standard] = await inChannel(ofType('standard'))
    const team = (await inTeam()).find((row) => row.userId === standard!.userId)!
    expect(team.id).toBe(standard!.id)
    expect(Buffer.from(team.id as string, 'base64').toString()).toBe(`${team_id}##${team.userId as string}`)
  })

  it('join, change their role and leave a team and its standard channels', async () => {
    const before = await inTeam()
    const key = simulator.mutate.addMember({ team_id, displayName: 'A newcomer', role: 'guest' })
    const rows = await inTeam()
    expect(rows).toHaveLength(before.length + 1)
    expect(rows.at(-1)).toMatchObject({ id: key.id, userId: key.user_id, displayName: 'A newcomer', roles: ['guest'] })
    expect(await inChannel(ofType('standard'))).toEqual(rows)
    simulator.mutate.addMember({ team_id, user_id: key.user_id, role: 'owner' })
    expect((await inTeam()).at(-1)).toMatchObject({ id: key.id, roles: ['owner'] })
    simulator.mutate.removeMember({ team_id, user_id: key.user_id })
    expect(await inTeam()).toEqual(before)
  })

  it('leave private channels with the team, and join the team with a private channel', async () => {
    const channel_id = ofType('private')
    const key = simulator.mutate.addMember({ team_id, channel_id })
    expect((await inTeam()).map((row) => row.id)).toContain(key.id)
    expect((await inChannel(channel_id)).map((row) => row.id)).toContain(key.id)
    simulator.mutate.removeMember({ team_id, user_id: key.user_id })
    expect((await inChannel(channel_id)).map((row) => row.id)).not.toContain(key.id)
    const guest = simulator.mutate.addMember({ team_id, channel_id: ofType('shared') })
    expect((await inTeam()).map((row) => row.id)).not.toContain(guest.id)
  })

  it('stay out once removed, whatever they write', async () => {
    const { user_id } = simulator.mutate.removeMember({ team_id })
    for (let index = 0; index < 200; index++) simulator.mutate.newRoot({ team_id })
    expect((await inTeam()).map((row) => row.userId)).not.toContain(user_id)
  })

  it('change by control calls, and show in the truth there', async () => {
    const change = { kind: 'add_member', team_id, channel_id: ofType('shared'), displayName: 'From outside' }
    const answer = await fetch(`${simulator.origin}/_simulator/mutate`, {
      method: 'POST',
      body: JSON.stringify(change),
    })
    const [key] = (await answer.json()) as { id: string; user_id: string }[]
    for (const [rows, truth] of [
      ['members', [...simulator.truth.members({ team_id })]],
      ['channel_members', [...simulator.truth.channelMembers({ team_id })]],
    ] as const) {
      const text = await (await fetch(`${simulator.origin}/_simulator/truth?rows=${rows}&team_id=${team_id}`)).text()
      const lines = text.trimEnd().split('\n')
      expect(lines.map((line) => JSON.parse(line))).toEqual(truth)
      expect(text.includes(key!.id)).toBe(rows === 'channel_members')
    }
    const gone = { ...change, kind: 'remove_member', user_id: key!.user_id }
    await fetch(`${simulator.origin}/_simulator/mutate`, { method: 'POST', body: JSON.stringify(gone) })
    expect([...simulator.truth.channelMembers({ team_id })].map((row) => row.id)).not.toContain(key!.id)
  })

  it('cannot be put into a standard channel alone', () => {
    const channel_id = ofType('standard')
    expect(() => simulator.mutate.addMember({ team_id, channel_id })).toThrow('members of its team')
    expect(() => simulator.mutate.removeMember({ team_id, user_id: 'nobody' })).toThrow('no user nobody')
  })

  it('come and go without a word of what was written before: that moves only with its time', () => {
    const written = () => simulator.truth.digest()
    const before = written()
    for (let index = 0; index < 3; index++) simulator.mutate.addMember({ team_id })
    const joined = simulator.mutate.addMember({ team_id, displayName: 'A newcomer' })
    simulator.mutate.removeMember({ team_id, user_id: joined.user_id })
    simulator.mutate.removeMember({ team_id })
    expect(simulator.truth.counts().systemEvents).toBeGreaterThan(5)
    expect(written()).toBe(before)
  })
})
