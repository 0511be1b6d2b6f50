import { describe, expect, it } from 'vitest'
import type { FeedPage, Partition } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { GraphApi, GraphClient, GraphResponse } from '../../../sources/microsoft_teams/client.ts'
import { MAX_LOST } from '../../../sources/microsoft_teams/feeds/channel_phases.ts'
import { readChannel } from '../../../sources/microsoft_teams/feeds/channel_reader.ts'
import { readExport } from '../../../sources/microsoft_teams/feeds/export_reader.ts'
import { MAX_WALKS } from '../../../sources/microsoft_teams/feeds/export_walk.ts'

const NOW = Date.UTC(2026, 0, 15)
const MAX_BARREN_PAGES = 1_000
const ROW = {
  id: '1',
  messageType: 'message',
  createdDateTime: '2026-01-14T10:00:00Z',
  lastModifiedDateTime: '2026-01-14T10:00:00Z',
  channelIdentity: { teamId: 'team', channelId: 'channel' },
}

/** Every answer has a link to one more, each another one; the guard against loops never sees one twice. */
class EndlessServer implements GraphApi {
  asked = 0
  readonly lastDate = NOW
  readonly #rows: (page: number) => unknown[]

  constructor(rows: (page: number) => unknown[]) {
    this.#rows = rows
  }

  async get(path: readonly string[]): Promise<GraphResponse> {
    if (path.at(-1) === 'channels') return { body: { value: [{ id: 'channel' }] }, bytes: 1, date: NOW }
    return this.follow()
  }

  async follow(): Promise<GraphResponse> {
    this.asked += 1
    const body = { value: this.#rows(this.asked), '@odata.nextLink': `https://graph.example/${this.asked}` }
    return { body, bytes: 100, date: NOW }
  }

  canFollow(): boolean {
    return true
  }

  async close(): Promise<void> {}
}

const request = {
  tables: new Set(['messages', 'message_replies']),
  session: new Session(),
  until: NOW - 60_000,
  signal: new AbortController().signal,
  options: { page_size: 50, settle_seconds: 60, lookback_seconds: 300, rewalk_horizon: 86_400 },
}
const team: Partition = { id: 'team', team_id: 'team' }
const channel = (read_mode: string): Partition => ({ ...team, id: 'team/channel', channel_id: 'channel', read_mode })

async function failureOf(pages: AsyncGenerator<FeedPage>): Promise<unknown> {
  let complete = false
  try {
    for await (const page of pages) complete ||= page.complete
  } catch (error) {
    return { error, complete }
  }
  return { complete }
}

const rows: [what: string, rows: (page: number) => unknown[]][] = [
  ['are empty', () => []],
  ['bring the same row', () => [ROW]],
]

describe.each(rows)('links that never end, behind pages that %s', (_, rowsOf) => {
  it('end the walk of an export window, and are not believed', async () => {
    const server = new EndlessServer(rowsOf)
    expect(await failureOf(readExport(server, team, null, request))).toEqual({
      error: expect.objectContaining({ code: 'PARLEY_WINDOW_UNSTABLE' }),
      complete: false,
    })
    // History and the recent part, which may be cut once more, each in all of its walks.
    expect(server.asked).toBeLessThanOrEqual(3 * MAX_WALKS * (MAX_BARREN_PAGES + 5))
    expect(server.asked).toBeGreaterThan(MAX_BARREN_PAGES)
  })

  it.each(['delta', 'list'])('end the read of a channel by %s, and are not believed', async (mode) => {
    const server = new EndlessServer(rowsOf)
    const read = readChannel(server as unknown as GraphClient, channel(mode), null, request)
    expect(await failureOf(read)).toEqual({
      error: expect.objectContaining({ code: expect.stringMatching(/^PARLEY_(WINDOW_UNSTABLE|PAGING_LOOP)$/) }),
      complete: false,
    })
    expect(server.asked).toBeLessThanOrEqual(3 * (MAX_LOST + 1) * (MAX_BARREN_PAGES + 5))
    expect(server.asked).toBeGreaterThan(MAX_BARREN_PAGES)
  })
})
