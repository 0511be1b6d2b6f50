import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import { startTeamsSimulator, type TeamsSimulator } from '../../../sources/microsoft_teams/simulator/index.ts'
import { sharedOrSkip } from '../../support/shared.ts'
import { graphClient, keyText } from '../simulator/graph_client.ts'

const shared = sharedOrSkip('the Teams simulator with 247,387 recorded messages')

describe.skipIf(shared === undefined)('recorded conversations', () => {
  let simulator: TeamsSimulator
  let heapGrowth = 0

  beforeAll(async () => {
    const before = process.memoryUsage().heapUsed
    const dataset = { ndjson: join(shared!, 'conversations/ubuntu_irc.ndjson.gz'), teams: 25 }
    simulator = await startTeamsSimulator({ dataset, throttle: 'off' })
    heapGrowth = process.memoryUsage().heapUsed - before
  })
  afterAll(() => simulator?.close())

  it('become 25 teams with all messages and reply links', () => {
    expect(simulator.truth.loaded).toMatchObject({ messages: 247_387, replyLinks: 56_642 })
    expect(simulator.truth.counts()).toMatchObject({
      teams: 25,
      channels: 173,
      messages: 247_387,
      replies: 56_642,
      roots: 247_387 - 56_642,
      systemEvents: 25_768,
    })
    for (const team of simulator.truth.teams()) {
      expect([6, 7]).toContain(team.channels.length)
    }
  })

  it('stay far below a gibibyte', () => {
    expect(heapGrowth).toBeLessThan(700 * 1024 ** 2)
  })

  it('reply to a root of their own channel, never to a reply', () => {
    const team_id = simulator.truth.teams()[3]!.id
    const roots = new Set<string>()
    const replies: JsonObject[] = []
    for (const { json } of simulator.truth.messages({ team_id })) {
      if (json.replyToId === null) roots.add(keyText(json))
      else replies.push(json)
    }
    expect(replies.length).toBeGreaterThan(1000)
    for (const reply of replies) expect(roots.has(keyText({ ...reply, id: reply.replyToId! }))).toBe(true)
  })

  it('come through the export of a team, each row once and equal to the truth', async () => {
    const client = await graphClient(simulator)
    const team_id = simulator.truth.teams()[7]!.id
    const rows = await client.walk(`/teams/${team_id}/channels/getAllMessages?$top=50`)
    const seen = new Map(rows.map(({ '@odata.type': _, ...row }) => [keyText(row), row]))
    const truth = new Map(
      [...simulator.truth.messages({ team_id, unknownEnumMembers: false })].map(({ json }) => [keyText(json), json]),
    )
    expect(rows.length).toBe(truth.size)
    expect(seen.size).toBe(truth.size)
    for (const [key, json] of truth) expect(seen.get(key)).toEqual(json)
  })

  it('repeat ids across channels', () => {
    const ids = new Map<string, Set<string>>()
    for (const { id, channel_id } of simulator.truth.messages()) {
      if (!ids.has(id)) ids.set(id, new Set())
      ids.get(id)!.add(channel_id)
    }
    expect([...ids.values()].some((channels) => channels.size > 1)).toBe(true)
  })
})
