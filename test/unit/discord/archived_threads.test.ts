import { expect, it } from 'vitest'
import type { DiscordClient, DiscordQuery } from '../../../sources/discord/client.ts'
import {
  type ArchivedThreads,
  archivedThreads,
  joinedThreads,
} from '../../../sources/discord/feeds/archived_threads.ts'
import { compareSnowflakes } from '../../../sources/discord/snowflake.ts'

interface Thread {
  id: string
  thread_metadata: { archive_timestamp: string }
}

/** The lists of one channel as Discord pages them: by time or by id, both exclusive. */
function listing(threads: readonly Thread[], precision: 'milli' | 'micro' = 'milli', mayHaveMore = false) {
  const timeOf = (text: string) =>
    Date.parse(text) + (precision === 'micro' ? Number(/\.\d{3}(\d{3})/.exec(text)?.[1] ?? 0) / 1000 : 0)
  const asked: DiscordQuery[] = []
  const get = async (path: readonly string[], query: DiscordQuery) => {
    asked.push(query)
    const byId = path.includes('@me')
    const time = (thread: Thread) => timeOf(thread.thread_metadata.archive_timestamp)
    const ordered = threads.toSorted((a, b) => (byId ? compareSnowflakes(b.id, a.id) : time(b) - time(a)))
    const { before, limit } = query as { before?: string; limit: number }
    const left = ordered.filter(
      (thread) =>
        before === undefined || (byId ? compareSnowflakes(thread.id, before) < 0 : time(thread) < timeOf(before)),
    )
    return { body: { threads: left.slice(0, limit), has_more: mayHaveMore || left.length > limit } }
  }
  return { args: { connection: { get } as unknown as DiscordClient, signal: new AbortController().signal }, asked }
}

const thread = (index: number, minute: number): Thread => ({
  id: String(1_000_000 + index),
  thread_metadata: {
    archive_timestamp: `2026-01-01T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00.766195+00:00`,
  },
})
const idsOf = ({ threads }: ArchivedThreads) =>
  [...new Set(threads.map((row) => (row as Thread).id))].toSorted(compareSnowflakes)

it('lists all of them over many pages', async () => {
  const threads = Array.from({ length: 350 }, (_, index) => thread(index, index))
  const { args, asked } = listing(threads)
  expect(idsOf(await archivedThreads({ id: '5' }, 'public', args))).toEqual(threads.map(({ id }) => id))
  expect(asked.length).toBeLessThanOrEqual(5)
})

it('lists those that were archived in one moment, though a page ends among them', async () => {
  const threads = Array.from({ length: 240 }, (_, index) => thread(index, Math.floor(index / 60)))
  const { args } = listing(threads)
  const archive = await archivedThreads({ id: '5' }, 'private', args)
  expect(idsOf(archive)).toEqual(threads.map(({ id }) => id))
  expect(archive.isTied).toBe(false)
})

it('comes past a moment that fills more than a page, and says that there may be more of it', async () => {
  const threads = [...Array.from({ length: 130 }, (_, index) => thread(index, 90)), thread(500, 10), thread(501, 20)]
  const { args, asked } = listing(threads)
  const archive = await archivedThreads({ id: '5' }, 'public', args)
  expect(idsOf(archive)).toEqual(expect.arrayContaining(['1000500', '1000501']))
  expect(archive.isTied).toBe(true)
  expect(asked.length).toBeLessThan(10)
})

it.each([0, 1, 3, 100, 130])(
  'of %i threads ends, and lacks none, where has_more is only ever a may be',
  async (count) => {
    const threads = Array.from({ length: count }, (_, index) => thread(index, index))
    const { args, asked } = listing(threads, 'milli', true)
    const archive = await archivedThreads({ id: '5' }, 'public', args)
    expect(idsOf(archive)).toEqual(threads.map(({ id }) => id))
    expect(archive.isTied).toBe(false)
    expect(asked.length).toBeLessThanOrEqual(6)
  },
)

it('says nothing of a moment that is shown to its last thread', async () => {
  const sameMillisecond = Array.from({ length: 180 }, (_, index) => {
    const micros = String(195_000 + index).slice(-3)
    return {
      id: String(1_000_000 + index),
      thread_metadata: { archive_timestamp: `2026-01-01T01:00:00.766${micros}+00:00` },
    }
  })
  const { args } = listing([...sameMillisecond, thread(500, 10)], 'micro')
  const archive = await archivedThreads({ id: '5' }, 'public', args)
  expect(idsOf(archive)).toHaveLength(181)
  expect(archive.isTied).toBe(false)
})

it('lists private ones that the bot is in by their ids', async () => {
  const threads = Array.from({ length: 205 }, (_, index) => thread(index, 1))
  const { args, asked } = listing(threads)
  expect(idsOf(await joinedThreads({ id: '5' }, args))).toEqual(threads.map(({ id }) => id))
  expect(asked.map(({ before }) => before)).toEqual([undefined, '1000105', '1000005'])
})
