import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { type GraphClient, graphClient } from '../simulator/graph_client.ts'

let clock = virtualClock()
let simulator: TeamsSimulator
let client: GraphClient
let team_id: string
let channel_id: string
let path: string

afterEach(() => simulator.close())

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  const dataset = { generated: { teams: 1, channelsPerTeam: 2, messagesPerChannel: 200 } }
  clock = virtualClock()
  simulator = await startTeamsSimulator({ clock, throttle: 'off', dataset, seed: 11, ...options })
  client = await graphClient(simulator)
  const team = simulator.truth.teams()[0]!
  team_id = team.id
  channel_id = team.channels[0]!.id
  path = `/teams/${team_id}/channels/${channel_id}/messages`
  clock.advance(60_000)
}

function ids(rows: JsonObject[]): string[] {
  return rows.map((row) => row.id as string)
}

describe('the order of channel messages', () => {
  it('shuffled holds the same threads in an order without meaning, the same for everybody', async () => {
    await start()
    const active = ids(await client.walk(`${path}?$top=50`))
    await simulator.close()
    await start({ listOrder: 'shuffled' })
    const shuffled = ids(await client.walk(`${path}?$top=50`))
    expect(shuffled).not.toEqual(active)
    expect(new Set(shuffled)).toEqual(new Set(active))
    expect(shuffled).not.toEqual([...shuffled].sort())
    expect(shuffled).not.toEqual([...shuffled].sort().reverse())
    expect(ids(await client.walk(`${path}?$top=7`))).toEqual(shuffled)
  })

  it('shuffled gives a thread with a new reply another place, and a new thread any place', async () => {
    await start({ listOrder: 'shuffled' })
    const places: number[] = []
    for (let index = 0; index < 8; index++) {
      clock.advance(1000)
      const { id } = simulator.mutate.newRoot({ team_id, channel_id })
      const before = ids(await client.walk(`${path}?$top=50`))
      places.push(before.indexOf(id))
      clock.advance(1000)
      simulator.mutate.newReply({ team_id, channel_id, id })
      const after = ids(await client.walk(`${path}?$top=50`))
      expect(after.filter((other) => other !== id)).toEqual(before.filter((other) => other !== id))
      places.push(after.indexOf(id))
    }
    expect(new Set(places).size).toBeGreaterThan(8)
    expect(places).not.toContain(-1)
  })
})

describe('generated data', () => {
  it('ties: so many messages of a channel share one moment, on a full second', async () => {
    await start({ dataset: { generated: { teams: 1, channelsPerTeam: 2, messagesPerChannel: 200, ties: 120 } } })
    for (const channel of simulator.truth.teams()[0]!.channels) {
      const counts = new Map<string, number>()
      for (const { json, channel_id } of simulator.truth.messages()) {
        const stamp = json.lastModifiedDateTime as string
        if (channel_id === channel.id) counts.set(stamp, (counts.get(stamp) ?? 0) + 1)
      }
      const [stamp, most] = [...counts].sort((a, b) => b[1] - a[1])[0]!
      expect(most).toBe(120)
      expect(Date.parse(stamp) % 1000).toBe(0)
    }
    // Longer than a page: pages of a delta round end in the middle of the tie.
    const { body } = await client.get(`${path}/delta?$top=20`)
    const tied = await client.walk(`${path}/delta?$top=20`)
    expect(body.value).toHaveLength(20)
    expect(new Set(tied.slice(-40).map((row) => row.lastModifiedDateTime)).size).toBeLessThan(20)
  })

  it('repliesPerRoot: threads of one length', async () => {
    const generated = { teams: 1, channelsPerTeam: 1, messagesPerChannel: 6, repliesPerRoot: 9 }
    await start({ dataset: { generated }, inlineReplies: 4 })
    expect(simulator.truth.counts()).toMatchObject({ messages: 60, roots: 6, replies: 54, systemEvents: 0 })
    const rows = await client.walk(`${path}?$expand=replies`)
    for (const row of rows) {
      expect(row['replies@odata.count']).toBe(4)
      const replies = await client.walk(`${path}/${row.id as string}/replies?$top=50`)
      expect(replies).toHaveLength(9)
    }
  })

  it('bodyBytes: texts of that size, one unlike the other, and equal to the truth', async () => {
    await start({ dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 12, bodyBytes: 10_000 } } })
    const rows = await client.walk(`/teams/${team_id}/channels/getAllMessages`)
    const contents = rows
      .filter((row) => row.from !== null && row.deletedDateTime === null)
      .map((row) => (row.body as { content: string }).content)
    expect(new Set(contents.map((content) => content.slice(-5000))).size).toBe(contents.length)
    for (const content of contents) {
      const bytes = Buffer.byteLength(content)
      expect(bytes).toBeGreaterThanOrEqual(10_000)
      expect(bytes).toBeLessThan(10_300)
    }
    const truth = new Map(
      [...simulator.truth.messages({ unknownEnumMembers: false })].map(({ json }) => [json.id, json]),
    )
    for (const { '@odata.type': _, ...row } of rows) expect(row).toEqual(truth.get(row.id as string))
  })
})
