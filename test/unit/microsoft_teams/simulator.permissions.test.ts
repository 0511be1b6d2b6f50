import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { DEFAULT_ROLES } from '../../../sources/microsoft_teams/simulator/permissions.ts'
import { graphClient } from '../simulator/graph_client.ts'

let simulator: TeamsSimulator
let paths: Record<string, string>

beforeAll(async () => {
  simulator = await startTeamsSimulator({ throttle: 'off' })
  const team = simulator.truth.teams()[0]!
  const channel = team.channels[0]!
  const { json } = [...simulator.truth.messages()].find(
    (message) => message.team_id === team.id && message.channel_id === channel.id && message.json.replyToId !== null,
  )!
  const messages = `/teams/${team.id}/channels/${channel.id}/messages`
  paths = {
    groups: "/groups?$filter=resourceProvisioningOptions/Any(x:x eq 'Team')",
    teams: '/teams',
    team: `/teams/${team.id}`,
    channels: `/teams/${team.id}/channels`,
    channel: `/teams/${team.id}/channels/${channel.id}`,
    team_members: `/teams/${team.id}/members`,
    channel_members: `/teams/${team.id}/channels/${channel.id}/members`,
    channel_messages: messages,
    delta: `${messages}/delta`,
    message: `${messages}/${json.replyToId}`,
    replies: `${messages}/${json.replyToId}/replies`,
    reply: `${messages}/${json.replyToId}/replies/${json.id}`,
    export: `/teams/${team.id}/channels/getAllMessages`,
  }
})
afterAll(() => simulator.close())

/** Status of every call with just these roles. */
async function statuses(roles: string[]): Promise<Record<string, number>> {
  for (const role of [...DEFAULT_ROLES, 'Group.Read.All', 'TeamSettings.Read.All']) simulator.mutate.revokeRole(role)
  for (const role of roles) simulator.mutate.grantRole(role)
  const client = await graphClient(simulator)
  const result: Record<string, number> = {}
  for (const [name, path] of Object.entries(paths)) result[name] = (await client.get(path)).status
  for (const role of roles) simulator.mutate.revokeRole(role)
  return result
}

function allowed(result: Record<string, number>): string[] {
  expect(Object.values(result).filter((status) => status !== 200 && status !== 403)).toEqual([])
  return Object.keys(result).filter((name) => result[name] === 200)
}

describe('application permissions', () => {
  it.each<[string, string[]]>([
    ['Team.ReadBasic.All', ['teams', 'team']],
    ['TeamSettings.Read.All', ['teams', 'team']],
    ['Group.ReadBasic.All', ['groups']],
    ['Channel.ReadBasic.All', ['channels', 'channel']],
    ['TeamMember.Read.All', ['team_members']],
    ['ChannelMember.Read.All', ['channel_members']],
    ['ChannelMessage.Read.All', ['channel_messages', 'delta', 'message', 'replies', 'reply', 'export']],
    [
      'Group.Read.All',
      ['groups', 'team', 'channels', 'channel', 'channel_messages', 'delta', 'message', 'replies', 'reply'],
    ],
    ['ChannelMessage.Read.Group', []],
    ['Chat.Read.All', []],
  ])('%s opens just what the reference says', async (role, expected) => {
    expect(allowed(await statuses([role]))).toEqual(expected)
  })

  it('the default roles open everything', async () => {
    expect(allowed(await statuses([...DEFAULT_ROLES]))).toEqual(Object.keys(paths))
  })

  it('a token without roles is given out, and refused by Graph with the documented words', async () => {
    const client = await graphClient(simulator)
    const answer = await client.get(paths.export!)
    expect(answer.status).toBe(403)
    expect(answer.body.error).toMatchObject({
      code: 'Forbidden',
      message:
        "Missing role permissions on the request. API required one of 'ChannelMessage.Read.All'. Roles on the request ''",
    })
  })

  it('a revoked role ends at once, a granted one needs a new token', async () => {
    simulator.mutate.grantRole('Team.ReadBasic.All')
    const client = await graphClient(simulator)
    expect((await client.get('/teams')).status).toBe(200)
    simulator.mutate.revokeRole('Team.ReadBasic.All')
    expect((await client.get('/teams')).status).toBe(403)
    simulator.mutate.grantRole('ChannelMessage.Read.All')
    expect((await client.get(paths.export!)).status).toBe(403)
    expect((await (await graphClient(simulator)).get(paths.export!)).status).toBe(200)
  })
})

describe('teams that refuse and teams that go', () => {
  it('answer 403 while refused, and stay in the list', async () => {
    for (const role of DEFAULT_ROLES) simulator.mutate.grantRole(role)
    const client = await graphClient(simulator)
    const { id } = simulator.truth.teams()[0]!
    simulator.mutate.refuseTeam(id)
    for (const name of ['team', 'channels', 'export', 'channel_messages', 'team_members']) {
      expect((await client.get(paths[name]!)).status, name).toBe(403)
    }
    expect((await client.walk('/teams')).map((team) => team.id)).toContain(id)
    simulator.mutate.allowTeam(id)
    expect((await client.get(paths.export!)).status).toBe(200)
  })

  it('answer 404 once gone, and leave the lists', async () => {
    const client = await graphClient(simulator)
    const { id } = simulator.truth.teams()[0]!
    simulator.mutate.removeTeam(id)
    const answer = await client.get(paths.team!)
    expect(answer).toMatchObject({
      status: 404,
      body: {
        error: { code: 'NotFound', message: `No team found with Group Id ${id}`, innerError: { code: 'ItemNotFound' } },
      },
    })
    expect((await client.get(paths.export!)).status).toBe(404)
    for (const list of ['/teams', paths.groups!])
      expect((await client.walk(list)).map((row) => row.id)).not.toContain(id)
    simulator.mutate.restoreTeam(id)
    expect((await client.get(paths.team!)).status).toBe(200)
  })

  it('lose a channel with all its messages', async () => {
    const client = await graphClient(simulator)
    const team = simulator.truth.teams()[0]!
    const channel = team.channels[0]!
    simulator.mutate.removeChannel(team.id, channel.id)
    expect((await client.get(paths.channel!)).status).toBe(404)
    expect((await client.get(paths.channel_messages!)).status).toBe(404)
    const rows = await client.walk(paths.export!)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.some((row) => (row.channelIdentity as { channelId: string }).channelId === channel.id)).toBe(false)
  })
})
