import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { type GraphClient, graphClient, requestToken } from '../simulator/graph_client.ts'

let simulator: TeamsSimulator
let client: GraphClient
let team: string
let channel: string
let other: string

beforeEach(async () => {
  simulator = await startTeamsSimulator({ throttle: 'off', sharedChannels: 1 })
  client = await graphClient(simulator)
  const first = simulator.truth.teams()[0]!
  team = first.id
  channel = first.channels[0]!.id
  other = first.channels[1]!.id
})
afterEach(() => simulator.close())

/** Status of every call about the team, and about one of its channels. */
async function statuses(channel_id: string): Promise<Record<string, number>> {
  const { json } = [...simulator.truth.messages({ team_id: team })].find(
    (message) => message.channel_id === channel_id && message.json.replyToId === null,
  )!
  const base = `/teams/${team}/channels/${channel_id}`
  const paths: Record<string, string> = {
    team: `/teams/${team}`,
    channels: `/teams/${team}/channels`,
    team_members: `/teams/${team}/members`,
    export: `/teams/${team}/channels/getAllMessages`,
    channel: base,
    channel_members: `${base}/members`,
    channel_messages: `${base}/messages?$expand=replies`,
    delta: `${base}/messages/delta`,
    message: `${base}/messages/${json.id}`,
    replies: `${base}/messages/${json.id}/replies`,
  }
  const result: Record<string, number> = {}
  for (const [name, path] of Object.entries(paths)) result[name] = (await client.get(path)).status
  return result
}

function refused(result: Record<string, number>): string[] {
  expect(Object.values(result).filter((status) => status !== 200 && status !== 403)).toEqual([])
  return Object.keys(result).filter((name) => result[name] === 403)
}

async function control(change: object): Promise<unknown> {
  const answer = await fetch(`${simulator.origin}/_simulator/mutate`, { method: 'POST', body: JSON.stringify(change) })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as unknown[])[0]
}

describe('refusals', () => {
  it('of the export name the role that is missing, and touch no other call and no other team', async () => {
    simulator.mutate.refuseExport(team)
    expect(refused(await statuses(channel))).toEqual(['export'])
    const { body } = await client.get(`/teams/${team}/channels/getAllMessages`)
    expect(body.error).toMatchObject({ code: 'Forbidden' })
    const { message } = body.error as { message: string }
    expect(message).toMatch(
      /^Missing role permissions on the request\. API required one of 'ChannelMessage\.Read\.All'\./,
    )
    expect(message.split('Roles on the request')[1]).not.toContain('ChannelMessage.Read.All')
    const second = simulator.truth.teams()[1]!.id
    expect((await client.get(`/teams/${second}/channels/getAllMessages`)).status).toBe(200)
    simulator.mutate.allowExport(team)
    expect(refused(await statuses(channel))).toEqual([])
  })

  it('of a channel are about its own calls; the list and the export still have it', async () => {
    simulator.mutate.refuseChannel(team, channel)
    const own = ['channel', 'channel_members', 'channel_messages', 'delta', 'message', 'replies']
    expect(refused(await statuses(channel))).toEqual(own)
    expect(refused(await statuses(other))).toEqual([])
    expect((await client.walk(`/teams/${team}/channels`)).map((row) => row.id)).toContain(channel)
    const exported = await client.walk(`/teams/${team}/channels/getAllMessages?$top=50`)
    expect(exported.some((row) => (row.channelIdentity as { channelId: string }).channelId === channel)).toBe(true)
    simulator.mutate.allowChannel(team, channel)
    expect(refused(await statuses(channel))).toEqual([])
  })

  it('come and go by control calls as well', async () => {
    await control({ kind: 'refuse_export', team_id: team })
    await control({ kind: 'refuse_channel', team_id: team, channel_id: other })
    expect(refused(await statuses(channel))).toEqual(['export'])
    expect((await client.get(`/teams/${team}/channels/${other}`)).status).toBe(403)
    await control({ kind: 'allow_export', team_id: team })
    await control({ kind: 'allow_channel', team_id: team, channel_id: other })
    expect(refused(await statuses(other))).toEqual([])
  })

  it('of what is not there are mistakes of the caller', () => {
    expect(() => simulator.mutate.refuseExport('nowhere')).toThrow('no team nowhere')
    expect(() => simulator.mutate.refuseChannel(team, 'nowhere')).toThrow('no channel nowhere')
  })

  it('shared channels are listed, read by list and delta, have members, and are not exported', async () => {
    const shared = simulator.truth.teams()[0]!.channels.find((one) => one.membershipType === 'shared')!.id
    const result = await statuses(shared)
    expect(refused(result)).toEqual([])
    const base = `/teams/${team}/channels/${shared}`
    expect(await client.walk(`${base}/messages`)).toHaveLength(7)
    expect((await client.get(`${base}/messages/delta?$top=50`)).body.value).toHaveLength(7)
    expect((await client.walk(`${base}/members`)).length).toBeGreaterThan(0)
    const exported = await client.walk(`/teams/${team}/channels/getAllMessages?$top=50`)
    expect(exported.some((row) => (row.channelIdentity as { channelId: string }).channelId === shared)).toBe(false)
  })

  it('a removed channel is 404 by itself, on delta too', async () => {
    simulator.mutate.removeChannel(team, channel)
    expect((await client.get(`/teams/${team}/channels/${channel}`)).status).toBe(404)
    expect((await client.get(`/teams/${team}/channels/${channel}/messages/delta`)).status).toBe(404)
  })
})

describe('a rotated secret', () => {
  it('refuses the old one and lets tokens that are out live on', async () => {
    const fresh = simulator.mutate.rotateSecret()
    const refusedAnswer = await requestToken(simulator)
    expect(refusedAnswer.status).toBe(401)
    expect(await refusedAnswer.json()).toMatchObject({ error: 'invalid_client', error_codes: [7000215] })
    expect((await client.get('/teams')).status).toBe(200)
    expect((await requestToken(simulator, { client_secret: fresh })).status).toBe(200)
    expect(fresh).not.toBe(simulator.connection.client_secret)
    const { client_secret } = (await control({ kind: 'rotate_secret' })) as { client_secret: string }
    expect((await requestToken(simulator, { client_secret: fresh })).status).toBe(401)
    expect((await requestToken(simulator, { client_secret })).status).toBe(200)
    expect(simulator.mutate.rotateSecret('chosen')).toBe('chosen')
    expect((await requestToken(simulator, { client_secret: 'chosen' })).status).toBe(200)
  })
})
