import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cursor, Limit } from '../../../libs/connect/feed.ts'
import { seededRandom } from '../../../libs/simulator/random.ts'
import { WindowUnstableError } from '../../../sources/microsoft_teams/errors/window_unstable_error.ts'
import { MAX_WINDOWS } from '../../../sources/microsoft_teams/feeds/export_plan.ts'
import { RESERVED_WINDOWS } from '../../../sources/microsoft_teams/feeds/export_walk.ts'
import { DAY, LOOKBACK, MemoryServer, type Order, readPages, SETTLE, versionsOf } from './export_memory_server.ts'

const RUNS = Number(process.env.PARLEY_EXPORT_RUNS ?? 30)
const NOW = Date.UTC(2026, 0, 15)
/** Kept back by the API until the next read goes over the same time again, at the latest. */
const LATEST = SETTLE + LOOKBACK - 1_000

const world = fc.record({
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  order: fc.constantFrom<Order>('ascending', 'descending', 'shuffled'),
  rows: fc.integer({ min: 0, max: 250 }),
  /** Rows fall on so few moments. */
  moments: fc.constantFrom(1, 3, 100_000),
  /** From now, back over so many days. */
  days: fc.constantFrom(0.5, 3, 2_000),
  /** Of which some may go for good meanwhile. */
  channels: fc.constantFrom(1, 3, 8),
  /** Changes while somebody reads, one every so many requests. */
  changes: fc.record({ most: fc.integer({ min: 0, max: 30 }), every: fc.integer({ min: 1, max: 40 }) }),
  kills: fc.array(
    fc.record({
      pages: fc.integer({ min: 1, max: 60 }),
      limited: fc.constantFrom(undefined, 'maxPages', 'maxRecords'),
      /** Until the next run. */
      pauseMs: fc.constantFrom(0, 2_000, 200_000, 3_600_000, 3 * DAY),
    }),
    { maxLength: 8 },
  ),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

function serverOf({ seed, order, rows, moments, days, channels, changes }: World): MemoryServer {
  const server = new MemoryServer(NOW, order, seed)
  server.channels = Array.from({ length: channels }, (_, index) => `channel ${index}`)
  const random = seededRandom(seed)
  const times = Array.from({ length: Math.min(moments, rows) }, () => NOW - 1 - random.below(days * DAY))
  for (let row = 0; row < rows; row++) server.add(random.pick(times))
  let left = changes.most
  server.onRequest = () => {
    if (left === 0 || random.below(changes.every) > 0) return
    left -= 1
    const lateMs = random.below(2) * random.below(LATEST)
    if (random.below(12) === 0) server.removeChannel()
    else if (random.below(3) === 0) server.add(server.now, lateMs)
    else server.edit(lateMs)
  }
  return server
}

interface Run {
  pages?: number
  limit?: Limit | undefined
}

/** Reads up to so many pages, as a run that is killed would, and answers the cursor that was stored. */
async function read(server: MemoryServer, stored: Cursor | null, seen: Set<string>, { pages = Infinity, limit }: Run) {
  const until = server.now - SETTLE
  let cursor = stored
  let left = pages
  try {
    for await (const page of readPages(server, cursor, { until, ...(limit === undefined ? {} : { limit }) })) {
      for (const version of versionsOf(page)) seen.add(version)
      cursor = JSON.parse(JSON.stringify(page.cursor)) as Cursor
      const todo = (cursor.todo ?? []) as unknown[]
      expect(todo.length).toBeLessThanOrEqual(MAX_WINDOWS + RESERVED_WINDOWS)
      expect(page.complete).toBe(todo.length === 0 && Number(cursor.t) >= until)
      if (--left <= 0) break
    }
    return { cursor, isUnstable: false }
  } catch (error) {
    // One moment changed in each of several walks: the next run has another try.
    if (!(error instanceof WindowUnstableError)) throw error
    return { cursor, isUnstable: true }
  }
}

describe('reading the export', () => {
  it(`sees every row in ${RUNS} random histories, killed and resumed anywhere, in a bounded number of requests`, async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const server = serverOf(given)
        const seen = new Set<string>()
        let cursor: Cursor | null = null
        for (const { pages, limited, pauseMs } of given.kills) {
          const limit = limited === undefined ? undefined : { [limited]: pages }
          cursor = (await read(server, cursor, seen, { pages, limit })).cursor
          server.now += pauseMs
        }
        // What the API shows late is read by the read that follows.
        for (let quiet = 0, reads = 0; quiet < 2; reads++) {
          const before = server.asked.length
          const end = await read(server, cursor, seen, {})
          cursor = end.cursor
          quiet = end.isUnstable ? 0 : quiet + 1
          expect(server.asked.length - before).toBeLessThanOrEqual(requestsOf(server))
          expect(reads).toBeLessThanOrEqual(2 + given.changes.most)
          server.now += LATEST
        }
        expect(cursor).not.toHaveProperty('todo')
        for (const { id, modified } of server.rows) {
          if (modified < Number(cursor?.t)) expect(seen).toContain(`${id}@${modified}`)
        }
      }),
      { numRuns: RUNS, seed: Number(process.env.PARLEY_EXPORT_SEED ?? 1) },
    )
  }, 300_000)
})

/** Walks of all pages, twice for each halving of what changes, and the constant part of each window. */
function requestsOf(server: MemoryServer): number {
  return 40 * Math.ceil(server.rows.length / 5) + 200
}
