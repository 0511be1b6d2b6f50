import { expect, it } from 'vitest'
import type { Cursor, FeedPage } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { GraphApi, GraphClient, GraphResponse } from '../../../sources/microsoft_teams/client.ts'
import { readChannel } from '../../../sources/microsoft_teams/feeds/channel_reader.ts'
import { MAX_WALKS } from '../../../sources/microsoft_teams/feeds/export_walk.ts'

const NOW = Date.UTC(2026, 0, 15)
const message = (day: number) => ({
  id: String(day),
  messageType: 'message',
  createdDateTime: `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`,
  lastModifiedDateTime: `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`,
})

/** A list of two pages without an order; while it is restless every walk hides another thread at the border. */
class RestlessList implements GraphApi {
  restless = true
  walks = 0
  rounds: string[] = []
  readonly lastDate = NOW

  async get(path: readonly string[]): Promise<GraphResponse> {
    if (path.at(-1) === 'delta') return this.#round('first')
    this.walks += 1
    return this.#page([3, 9, 5], 'https://graph.example/list')
  }

  async follow(link: string): Promise<GraphResponse> {
    if (!link.endsWith('/list')) return this.#round(link)
    const hidden = this.restless ? this.walks % 4 : -1
    return this.#page([1, 7, 2, 8].filter((_, index) => index !== hidden))
  }

  #round(link: string): GraphResponse {
    this.rounds.push(link)
    return this.#page([], undefined, `https://graph.example/token${this.rounds.length}`)
  }

  #page(days: readonly number[], next?: string, delta?: string): GraphResponse {
    const links = {
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
      ...(delta === undefined ? {} : { '@odata.deltaLink': delta }),
    }
    return { body: { value: days.map(message), ...links }, bytes: 100, date: NOW }
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
  options: { page_size: 50, settle_seconds: 60, lookback_seconds: 300 },
}

async function read(
  list: RestlessList,
  cursor: Cursor | null,
): Promise<{ last: FeedPage | undefined; error: unknown }> {
  const partition = { id: 't/c', team_id: 't', channel_id: 'c', read_mode: 'delta' }
  let last: FeedPage | undefined
  try {
    for await (const page of readChannel(list as unknown as GraphClient, partition, cursor, request)) last = page
    return { last, error: undefined }
  } catch (error) {
    return { last, error }
  }
}

it('a list whose walks never agree is left for the next run, which goes on behind the same token', async () => {
  const list = new RestlessList()
  const first = await read(list, null)
  expect(first.error).toMatchObject({ code: 'PARLEY_WINDOW_UNSTABLE' })
  expect(list.walks).toBe(MAX_WALKS)
  expect(first.last!.complete).toBe(false)
  list.restless = false
  const second = await read(list, first.last!.cursor)
  expect(second.error).toBeUndefined()
  expect(second.last!.complete).toBe(true)
  expect(list.walks).toBe(MAX_WALKS + 2)
  // The round after the walks begins where the token was taken, before the first of them.
  expect(list.rounds).toEqual(['first', 'https://graph.example/token1'])
})
