import { expect, it } from 'vitest'
import { Anonymizer } from '../../../libs/anonymize/anonymizer.ts'
import type { Cursor, FeedPage } from '../../../libs/connect/feed.ts'
import { Session } from '../../../libs/connect/session.ts'
import type { DiscordClient } from '../../../sources/discord/client.ts'
import { membersFeed } from '../../../sources/discord/feeds/members.ts'

const PAGES = [['21', '22'], ['23'], []].map((ids) => ids.map((id) => ({ user: { id } })))

/** Reads pages of members behind a cursor, with what was asked for. */
async function read(anonymizer: Anonymizer | null, cursor: Cursor | null = null) {
  const asked: unknown[] = []
  const get = async (_: readonly string[], { after }: { after?: string }) => {
    asked.push(after)
    return { body: PAGES[after === undefined ? 0 : after === '22' ? 1 : 2] }
  }
  const pages: FeedPage[] = []
  const request = {
    tables: new Set(['members']),
    session: new Session(),
    until: 1_000,
    options: { include_raw: false },
    signal: new AbortController().signal,
    anonymizer,
  }
  const connection = { get } as unknown as DiscordClient
  for await (const page of membersFeed.read(connection, { id: '1', guild_id: '1' }, cursor, request)) pages.push(page)
  return { asked, pages }
}

it('a listing that was broken off goes on behind the last member', async () => {
  const { pages, asked } = await read(null)
  expect(asked).toEqual([undefined, '22', '23'])
  expect(pages[0]!.cursor).toMatchObject({ next: '22', pages: 1 })
  expect((await read(null, pages[0]!.cursor)).asked).toEqual(['22', '23'])
})

it('where persons are hashed no cursor names one, and a listing that was broken off begins anew', async () => {
  const { pages, asked } = await read(new Anonymizer('a key of enough characters'))
  expect(asked).toEqual([undefined, '22', '23'])
  expect(pages.map(({ complete }) => complete)).toEqual([false, false, true])
  for (const { cursor } of pages) expect(JSON.stringify(cursor)).not.toMatch(/2[123]/)
  expect(pages.map(({ generation }) => generation?.pages)).toEqual([1, 2, 3])
  expect((await read(new Anonymizer('a key of enough characters'), pages[1]!.cursor)).asked).toEqual([
    undefined,
    '22',
    '23',
  ])
})
