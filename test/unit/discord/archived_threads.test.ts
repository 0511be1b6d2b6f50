import { expect, it } from 'vitest'
import type { DiscordClient, DiscordQuery } from '../../../sources/discord/client.ts'
import { archivedThreads, joinedThreads } from '../../../sources/discord/feeds/archived_threads.ts'
import { compareSnowflakes } from '../../../sources/discord/snowflake.ts'

interface Thread {
  id: string
  thread_metadata: { archive_timestamp: string }
}

/** The lists of one channel as Discord pages them: by time or by id, both exclusive. */
function listing(threads: readonly Thread[]) {
  const asked: DiscordQuery[] = []
  const get = async (path: readonly string[], query: DiscordQuery) => {
    asked.push(query)
    const byId = path.includes('@me')
    const time = (thread: Thread) => Date.parse(thread.thread_metadata.archive_timestamp)
    const ordered = threads.toSorted((a, b) => (byId ? compareSnowflakes(b.id, a.id) : time(b) - time(a)))
    const { before, limit } = query as { before?: string; limit: number }
    const left = ordered.filter(
      (thread) =>
        before === undefined || (byId ? compareSnowflakes(thread.id, before) < 0 : time(thread) < Date.parse(before)),
    )
    return { body: { threads: left.slice(0, limit), has_more: left.length > limit } }
  }
  return { args: { connection: { get } as unknown as DiscordClient, signal: new AbortController().signal }, asked }
}

const thread = (index: number, minute: number): Thread => ({
  id: String(1_000_000 + index),
  thread_metadata: {
    archive_timestamp: `2026-01-01T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00.766195+00:00`,
  },
})
const idsOf = (rows: unknown[]) => [...new Set(rows.map((row) => (row as Thread).id))].toSorted(compareSnowflakes)

it('lists all of them over many pages', async () => {
  const threads = Array.from({ length: 350 }, (_, index) => thread(index, index))
  const { args, asked } = listing(threads)
  expect(idsOf(await archivedThreads({ id: '5' }, 'public', args))).toEqual(threads.map(({ id }) => id))
  expect(asked.length).toBeLessThanOrEqual(5)
})

it('lists those that were archived in one moment, though a page ends among them', async () => {
  const threads = Array.from({ length: 240 }, (_, index) => thread(index, Math.floor(index / 60)))
  const { args } = listing(threads)
  expect(idsOf(await archivedThreads({ id: '5' }, 'private', args))).toEqual(threads.map(({ id }) => id))
})

it('comes past a moment that fills more than a page', async () => {
  const threads = [...Array.from({ length: 130 }, (_, index) => thread(index, 90)), thread(500, 10), thread(501, 20)]
  const { args, asked } = listing(threads)
  expect(idsOf(await archivedThreads({ id: '5' }, 'public', args))).toEqual(
    expect.arrayContaining(['1000500', '1000501']),
  )
  expect(asked.length).toBeLessThan(10)
})

it('lists private ones that the bot is in by their ids', async () => {
  const threads = Array.from({ length: 205 }, (_, index) => thread(index, 1))
  const { args, asked } = listing(threads)
  expect(idsOf(await joinedThreads({ id: '5' }, args))).toEqual(threads.map(({ id }) => id))
  expect(asked.map(({ before }) => before)).toEqual([undefined, '1000105', '1000005'])
})
