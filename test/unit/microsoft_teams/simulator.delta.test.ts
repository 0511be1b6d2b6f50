import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../libs/connect/json.ts'
import {
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
  virtualClock,
} from '../../../sources/microsoft_teams/simulator/index.ts'
import { type DeltaRound, readRound } from '../simulator/delta_round.ts'
import { type GraphClient, graphClient } from '../simulator/graph_client.ts'

const clock = virtualClock()
let simulator: TeamsSimulator
let client: GraphClient
let team_id: string
let channel_id: string
let path: string

afterEach(() => simulator.close())

async function start(options: TeamsSimulatorOptions = {}): Promise<void> {
  const dataset = { generated: { teams: 2, channelsPerTeam: 2, messagesPerChannel: 200, days: 10 } }
  simulator = await startTeamsSimulator({ clock, throttle: 'off', dataset, seed: 11, ...options })
  client = await graphClient(simulator)
  const team = simulator.truth.teams()[0]!
  team_id = team.id
  channel_id = team.channels[0]!.id
  path = `/teams/${team_id}/channels/${channel_id}/messages/delta`
  clock.advance(60_000)
}

function truth(): JsonObject[] {
  return [...simulator.truth.messages({ team_id, unknownEnumMembers: false })]
    .filter((message) => message.channel_id === channel_id)
    .map((message) => message.json)
}

function roots(): JsonObject[] {
  return truth().filter((row) => row.replyToId === null)
}

/** Newest change of every chain, by the root's id. */
function chains(): Map<string, string> {
  const newest = new Map<string, string>()
  for (const row of truth()) {
    const root = (row.replyToId ?? row.id) as string
    const stamp = padded(row.lastModifiedDateTime as string)
    if (stamp > (newest.get(root) ?? '')) newest.set(root, stamp)
  }
  return newest
}

function padded(stamp: string): string {
  return new Date(stamp).toISOString()
}

function ids(round: DeltaRound): string[] {
  return round.rows.map((row) => row.id as string)
}

function oldRoot(): { team_id: string; channel_id: string; id: string } {
  const root = roots().find((row) => row.from !== null && row.deletedDateTime === null)!
  return { team_id, channel_id, id: root.id as string }
}

describe('a first round of delta', () => {
  it('shows every root once, the chain changed longest ago first, and ends with a deltaLink', async () => {
    await start()
    const round = await readRound(client, `${path}?$top=7`)
    expect(new Set(ids(round))).toEqual(new Set(roots().map((row) => row.id)))
    expect(round.rows).toHaveLength(roots().length)
    const stamps = ids(round).map((id) => chains().get(id)!)
    expect(stamps).toEqual([...stamps].sort())
    expect(round.pages.slice(0, -1).every((page) => page.value!.length === 7)).toBe(true)
    expect(round.deltaLink).toContain(`${path}?$deltatoken=`)
  })

  it('never has both links, nor a count, and types its rows', async () => {
    await start()
    const { pages } = await readRound(client, `${path}?$top=50`)
    for (const [index, page] of pages.entries()) {
      const last = index === pages.length - 1
      expect(Object.keys(page)).toEqual(['@odata.context', last ? '@odata.deltaLink' : '@odata.nextLink', 'value'])
      expect(page['@odata.context']).toBe(`${simulator.origin}/v1.0/$metadata#Collection(chatMessage)`)
      for (const row of page.value!) expect(row['@odata.type']).toBe('#microsoft.graph.chatMessage')
      if (!last) expect(page['@odata.nextLink']).toContain(`${path}?$skiptoken=`)
    }
  })

  it('has 20 rows a page without $top, and the replies only where they are asked for', async () => {
    await start({ inlineReplies: 2 })
    const plain = await readRound(client, path)
    expect(plain.pages[0]!.value).toHaveLength(20)
    expect(plain.rows.every((row) => row.replies === undefined && row.replyToId === null)).toBe(true)
    const expanded = await readRound(client, `${path}?$expand=replies&$top=50`)
    const answers: JsonObject[] = []
    for (const row of expanded.rows) {
      answers.push(...(row.replies as JsonObject[]))
      const more = row['replies@odata.nextLink'] as string | undefined
      expect((row.replies as JsonObject[]).length).toBeLessThanOrEqual(2)
      if (more !== undefined) answers.push(...(await client.walk(more)))
    }
    const replies = truth().filter((row) => row.replyToId !== null)
    expect(new Map(answers.map((row) => [row.id, row]))).toEqual(new Map(replies.map((row) => [row.id, row])))
  })

  it('filters chains, so that roots older than the time come with their new replies', async () => {
    await start()
    const stamps = [...chains().values()].sort()
    const after = stamps[Math.floor(stamps.length / 2)]!
    const round = await readRound(client, `${path}?$filter=lastModifiedDateTime gt ${after}`)
    const expected = [...chains()].filter(([, stamp]) => stamp > after).map(([id]) => id)
    expect(new Set(ids(round))).toEqual(new Set(expected))
    expect(round.rows.some((row) => padded(row.lastModifiedDateTime as string) <= after)).toBe(true)
    // The filter lives on in the tokens: what is stamped before it never comes, however late it shows.
    simulator.mutate.newRoot({ team_id, channel_id, at: Date.parse(after) - 3_600_000 })
    expect((await readRound(client, round.deltaLink)).rows).toEqual([])
  })

  it('goes back eight months', async () => {
    await start({ dataset: { generated: { teams: 1, channelsPerTeam: 1, messagesPerChannel: 400, days: 400 } } })
    const horizon = new Date(clock.now() - 240 * 86_400_000).toISOString()
    const expected = [...chains()].filter(([, stamp]) => stamp >= horizon).map(([id]) => id)
    expect(expected.length).toBeLessThan(roots().length)
    const round = await readRound(client, path)
    expect(new Set(ids(round))).toEqual(new Set(expected))
    const old = roots().find((row) => !expected.includes(row.id as string) && row.from !== null)!
    const key = { team_id, channel_id, id: old.id as string }
    simulator.mutate.addReaction(key)
    expect(ids(await readRound(client, round.deltaLink))).toEqual([old.id])
  })

  it('is empty for an empty channel, and still hands out a deltaLink', async () => {
    await start()
    const fresh = simulator.mutate.newChannel({ team_id })
    const round = await readRound(client, `/teams/${team_id}/channels/${fresh.channel_id}/messages/delta`)
    expect(round.rows).toEqual([])
    const { id } = simulator.mutate.newRoot(fresh)
    expect(ids(await readRound(client, round.deltaLink))).toEqual([id])
  })

  it.each([
    '$top=51',
    '$top=0',
    '$expand=members',
    '$select=id',
    '$orderby=id',
    '$skip=1',
    '$filter=lastModifiedDateTime lt 2026-01-01T00:00:00Z',
    '$filter=createdDateTime gt 2026-01-01T00:00:00Z',
    '$filter=lastModifiedDateTime gt 2026-01-01T00:00:00Z and lastModifiedDateTime lt 2026-01-02T00:00:00Z',
  ])('answers 400 to %s', async (query) => {
    await start()
    expect((await client.get(`${path}?${query}`)).status).toBe(400)
  })
})

describe('later rounds of delta', () => {
  it('show the roots of chains in which something was created or changed, once each, oldest change first', async () => {
    await start()
    const first = await readRound(client, `${path}?$expand=replies`)
    const old = oldRoot()
    clock.advance(1000)
    const reply = simulator.mutate.newReply(old)
    const fresh = simulator.mutate.newRoot({ team_id, channel_id })
    clock.advance(1000)
    simulator.mutate.edit({ ...reply, text: 'said otherwise' })
    const second = await readRound(client, first.deltaLink)
    expect(ids(second)).toEqual([fresh.id, old.id])
    const replies = second.rows[1]!.replies as JsonObject[]
    expect(JSON.stringify(replies[0])).toContain('said otherwise')
    expect(second.rows[1]!.lastModifiedDateTime).toBe(simulator.truth.message(old)!.lastModifiedDateTime)
    expect((await readRound(client, second.deltaLink)).rows).toEqual([])
  })

  it('keep a deleted root, with its time', async () => {
    await start()
    const first = await readRound(client, path)
    const old = oldRoot()
    simulator.mutate.delete(old)
    const { rows } = await readRound(client, first.deltaLink)
    expect(rows).toMatchObject([{ id: old.id, deletedDateTime: expect.any(String) }])
  })

  it('hand out a fresh deltaLink, an empty one too; an old link reads its round again', async () => {
    await start()
    const first = await readRound(client, path)
    const second = await readRound(client, first.deltaLink)
    const third = await readRound(client, second.deltaLink)
    expect(new Set([first.deltaLink, second.deltaLink, third.deltaLink]).size).toBe(3)
    const { id } = simulator.mutate.newRoot({ team_id, channel_id })
    expect(ids(await readRound(client, first.deltaLink))).toEqual([id])
    expect(ids(await readRound(client, third.deltaLink))).toEqual([id])
  })

  it('show a late change in the round after it appeared, although it is stamped long before', async () => {
    await start()
    const first = await readRound(client, path)
    const late = simulator.mutate.newRoot({ team_id, channel_id, visible_after_ms: 30_000 })
    clock.advance(10_000)
    const soon = simulator.mutate.newRoot({ team_id, channel_id })
    const second = await readRound(client, first.deltaLink)
    expect(ids(second)).toEqual([soon.id])
    clock.advance(20_000)
    expect(ids(await readRound(client, second.deltaLink))).toEqual([late.id])
  })

  it('show a chain that changes while a round is read in the next round, and end all the same', async () => {
    await start()
    let changed = ''
    const first = await readRound(client, `${path}?$top=10`, (page) => {
      const unread = roots().filter((row) => !page.some((seen) => seen.id === row.id))
      const victim = unread.find((row) => row.from !== null && row.deletedDateTime === null)
      if (changed === '' && victim) {
        changed = victim.id as string
        simulator.mutate.newReply({ team_id, channel_id, id: changed })
      }
    })
    expect(ids(first)).not.toContain(changed)
    expect(ids(await readRound(client, first.deltaLink))).toEqual([changed])
  })

  it('lose nothing to somebody who reads on and on while everything changes', async () => {
    await start({ mutateDuringWalk: { every: 1, routes: ['delta'] }, lateVisibilityMs: 5000, deltaReplays: 0.3 })
    const held = new Map<string, JsonObject>()
    let link = `${path}?$top=5&$expand=replies`
    for (let round = 0; round < 12; round++) {
      const read = await readRound(client, link, () => clock.advance(500))
      for (const row of read.rows)
        for (const { replies, ...message } of [row, ...(row.replies as JsonObject[])])
          held.set(message.id as string, message)
      link = read.deltaLink
      if (round === 10) simulator.mutate.settle()
    }
    const missing = truth().filter((row) => !held.has(row.id as string))
    expect(missing.length).toBeLessThanOrEqual(3) // made by the last pages themselves
    const last = await readRound(client, link)
    for (const row of last.rows)
      for (const { replies, ...message } of [row, ...(row.replies as JsonObject[])])
        held.set(message.id as string, message)
    simulator.mutate.settle()
    for (const row of truth().filter((row) => Number(row.etag) < clock.now() - 20_000)) {
      expect(held.get(row.id as string)).toMatchObject({ id: row.id, etag: row.etag, body: row.body as object })
    }
  })
})
