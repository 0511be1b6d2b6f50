import { describe, expect, it } from 'vitest'
import type { Cursor, FeedPage, Partition } from '../../../libs/connect/feed.ts'
import { resolveOptions } from '../../../libs/connect/options.ts'
import { readFeed } from '../../../libs/connect/read_feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import { filteredPart } from '../../../sources/microsoft_teams/feeds/filters.ts'
import { membersFeed } from '../../../sources/microsoft_teams/feeds/members.ts'
import { options as declared } from '../../../sources/microsoft_teams/options.ts'
import { json } from '../http/local_server.ts'
import { type GraphServer, startGraph } from './graph_server.ts'

const TEAM: Partition = { id: 'team', team_id: 'team' }
const UNTIL = Date.parse('2026-03-01T00:00:00Z')

const tableOptions = (given: Record<string, string> = {}) =>
  resolveOptions(declared, given, { scope: 'table', unknown: 'error' })

/** Three members on three pages; links are taken as long as `lost` says nothing else. */
function startMembers(lost: { status?: number } = {}): Promise<GraphServer> {
  return startGraph({
    graph(request, response) {
      const at = Number(/skiptoken=p(\d)/.exec(request.url)?.[1] ?? 0)
      if (at > 0 && lost.status !== undefined)
        return json(response, lost.status, { error: { code: 'BadRequest', message: 'stale' } })
      const link = `http://${request.headers.host}/v1.0/teams/team/members?$skiptoken=p${at + 1}`
      json(response, 200, { value: [{ id: `m${at}`, roles: [] }], ...(at < 2 ? { '@odata.nextLink': link } : {}) })
    },
  })
}

async function pagesOf(
  { client }: GraphServer,
  cursor: Cursor | null,
  given: { options?: Record<string, string>; until?: number; maxPages?: number } = {},
): Promise<FeedPage[]> {
  const pages: FeedPage[] = []
  const request = {
    tables: new Set(['members']),
    session: new Session(),
    until: given.until ?? UNTIL,
    options: tableOptions(given.options),
    signal: AbortSignal.timeout(30_000),
    ...(given.maxPages === undefined ? {} : { limit: { maxPages: given.maxPages } }),
  }
  for await (const page of readFeed(membersFeed, client, TEAM, cursor, request)) pages.push(page)
  return pages
}

const idsOf = (pages: FeedPage[]) =>
  pages.flatMap(({ rows }) => (rows.get('members') ?? []).flatMap((batch) => [...(batch.getChild('id') ?? [])]))

describe('a list of Graph as a snapshot', () => {
  it('asks for the largest page once and then follows the links; the last page closes the generation', async () => {
    await using server = await startMembers()
    const pages = await pagesOf(server, null)
    expect(idsOf(pages)).toEqual(['m0', 'm1', 'm2'])
    expect(pages.map(({ complete }) => complete)).toEqual([false, false, true])
    expect(pages.at(-1)).toMatchObject({
      cursor: { v: 1, t: UNTIL },
      generation: { id: UNTIL, pages: 3, previous: null },
    })
    const paths = server.graph().map(({ url }) => decodeURIComponent(url))
    expect(paths).toEqual(
      ['?$top=999', '?$skiptoken=p1', '?$skiptoken=p2'].map((query) => `/v1.0/teams/team/members${query}`),
    )
  })

  it('goes on at a stored link, in the generation that it belongs to', async () => {
    await using server = await startMembers()
    const [first] = await pagesOf(server, { v: 1, t: 5 }, { maxPages: 1 })
    const rest = await pagesOf(server, first!.cursor, { until: UNTIL + 60_000 })
    expect(idsOf(rest)).toEqual(['m1', 'm2'])
    expect(rest.at(-1)!.generation).toEqual({ id: UNTIL, pages: 3, previous: 5 })
  })

  it.each([400, 404, 410])('begins a new generation when a stored link is answered %i', async (status) => {
    const lost: { status?: number } = {}
    await using server = await startMembers(lost)
    const [first] = await pagesOf(server, { v: 1, t: 5 }, { maxPages: 1 })
    lost.status = status
    const [again] = await pagesOf(server, first!.cursor, { until: UNTIL + 60_000, maxPages: 1 })
    expect(idsOf([again!])).toEqual(['m0'])
    expect(again!.generation).toEqual({ id: UNTIL + 60_000, pages: 1, previous: 5 })
  })

  it('says that a filtered list proves nothing about what it lacks', async () => {
    await using server = await startMembers()
    const filter = "(microsoft.graph.aadUserConversationMember/email eq 'o''hara+x@example.com')"
    const pages = await pagesOf(server, null, { options: { member_filter: filter } })
    expect(pages.map(({ narrowed }) => narrowed)).toEqual([true, true, true])
    expect(new URL(server.graph()[0]!.url, server.server.origin).searchParams.get('$filter')).toBe(filter)
    expect(server.graph()[0]!.url).toContain('%2Bx%40example.com')
  })
})

describe('a partition that a filter narrows', () => {
  const part = (member_filter?: string, partition = TEAM) =>
    filteredPart(partition, tableOptions(member_filter === undefined ? {} : { member_filter }), 'member_filter')

  it('is a part of the whole one, with a cursor of its own for each filter', () => {
    expect(part()).toBe(TEAM)
    expect(part('a')).toMatchObject({ team_id: 'team', within: 'team' })
    expect(new Set([part().id, part('a').id, part('b').id]).size).toBe(3)
    expect(part('a').id).toBe(part('a').id)
    expect(part('a', { id: 'team/c', team_id: 'team', within: 'team' }).within).toBe('team')
  })
})
