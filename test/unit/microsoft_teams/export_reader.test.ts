import { describe, expect, it } from 'vitest'
import type { Cursor, FeedPage } from '../../../libs/connect/feed.ts'
import { MAX_IN_FLIGHT } from '../../../sources/microsoft_teams/feeds/export_plan.ts'
import { DAY, LOOKBACK, MemoryServer, type Order, readPages, SETTLE, versionsOf } from './export_memory_server.ts'

const NOW = Date.UTC(2026, 0, 15)

/** Rows spread over 300 days that ended two days ago. */
function serverWith(rows: number, order: Order = 'shuffled', channels = ['channel']): MemoryServer {
  const server = new MemoryServer(NOW, order)
  server.channels = channels
  for (let row = 0; row < rows; row++) server.add(NOW - 2 * DAY - Math.floor((row * 300 * DAY) / rows))
  return server
}

async function readAll(server: MemoryServer, cursor: Cursor | null = null, options = {}) {
  const pages: FeedPage[] = []
  for await (const page of readPages(server, cursor, options)) pages.push(page)
  return { pages, versions: pages.flatMap(versionsOf), cursor: pages.at(-1)?.cursor ?? cursor }
}

describe('reading the export', () => {
  it('costs a small team one request for history and one for the recent part, the recent one first', async () => {
    const server = serverWith(5)
    const { pages, cursor } = await readAll(server)
    expect(server.asked.map(({ a, b }) => [a, b])).toEqual([
      [NOW - SETTLE - DAY, NOW - SETTLE],
      [1, NOW - SETTLE - DAY],
    ])
    expect(pages.map(({ complete }) => complete)).toEqual([false, true])
    expect(cursor).toEqual({ v: 2, s: 1, t: NOW - SETTLE })
  })

  it('costs one request when there is little new', async () => {
    const server = serverWith(100)
    const { cursor } = await readAll(server)
    server.now += DAY
    server.add(server.now - 2 * SETTLE)
    server.asked.length = 0
    const { versions } = await readAll(server, cursor)
    expect(server.asked).toEqual([{ a: NOW - SETTLE - LOOKBACK, b: server.now - 20 - SETTLE, skip: 0 }])
    expect(versions).toHaveLength(1)
  })

  it('does not cut what a few pages hold', async () => {
    const server = serverWith(38)
    await readAll(server)
    // 8 pages and the first once more, the recent window, and one proof that nothing moved.
    expect(server.asked).toHaveLength(11)
    // Before the walk and after it.
    expect(server.lists).toBe(2)
  })

  it.each<Order>(['shuffled', 'ascending', 'descending'])(
    'reads long history as many chains, each row once (%s)',
    async (order) => {
      const server = serverWith(6_000, order)
      const { versions } = await readAll(server, null, { pageSize: 20 })
      expect(versions).toHaveLength(6_000)
      expect(new Set(versions).size).toBe(6_000)
      expect(server.mostInFlight).toBe(MAX_IN_FLIGHT)
      expect(server.asked.length).toBeLessThan(300 * 1.25)
    },
  )

  it('never has two requests of one window in flight, and no more than a limit can use', async () => {
    const server = serverWith(400)
    const { pages } = await readAll(server, null, { limit: { maxPages: 1 } })
    expect(pages).toHaveLength(1)
    expect(server.asked).toHaveLength(1)
    server.asked.length = 0
    await readAll(server, null, { limit: { maxRecords: 20 } })
    expect(server.mostInFlight).toBeLessThanOrEqual(2)
    expect(server.asked.length).toBeLessThanOrEqual(6)
  })

  it('ends what it had begun under a limit that is reached each time while time goes on', async () => {
    const server = serverWith(200)
    let cursor: Cursor | null = null
    let pages = 0
    for (let complete = false; !complete; server.now += 3_600_000) {
      expect(++pages).toBeLessThan(200)
      for await (const page of readPages(server, cursor, { limit: { maxPages: 2 } })) {
        cursor = page.cursor
        complete = page.complete
      }
    }
    expect(cursor).not.toHaveProperty('todo')
  })

  it('reads what came since before it goes on with history', async () => {
    const server = serverWith(2_000)
    let cursor: Cursor | null = null
    for await (const page of readPages(server, null)) {
      cursor = page.cursor
      if (page.cursor.todo === undefined || server.asked.length > 100) break
    }
    server.now += 3_600_000
    server.add(server.now - 2 * SETTLE)
    server.asked.length = 0
    for await (const page of readPages(server, cursor)) {
      if (versionsOf(page).includes(`2000@${server.rows.at(-1)!.modified}`)) break
      expect(server.asked.length).toBeLessThanOrEqual(4 * MAX_IN_FLIGHT)
    }
    expect(server.asked[0]!.b).toBeGreaterThan(NOW)
  })

  it('proves windows that end soon after each other with one request', async () => {
    const server = serverWith(3_000)
    await readAll(server, null, { pageSize: 20 })
    const proofs = server.asked.filter(({ a, b }) => a > NOW - DAY && b > NOW + DAY / 2)
    expect(proofs.length).toBeGreaterThan(0)
    expect(proofs.length).toBeLessThanOrEqual(2)
  })

  it('walks history again when something in it moved, and hands on no row twice', async () => {
    const server = serverWith(300)
    let left = 1
    server.onRequest = ({ skip }) => {
      if (skip === 20 && left-- > 0) server.edit()
    }
    const { versions, cursor } = await readAll(server)
    expect(versions.length).toBe(new Set(versions).size)
    server.now += 10 * SETTLE
    const later = await readAll(server, cursor)
    const seen = new Set([...versions, ...later.versions])
    for (const { id, modified } of server.rows) expect(seen).toContain(`${id}@${modified}`)
  })
})

describe('the end of a read', () => {
  it('walks history again when a channel went meanwhile, whose rows no change tells of', async () => {
    for (const order of ['shuffled', 'ascending', 'descending'] as const) {
      const server = serverWith(36, order, ['gone', 'kept', 'kept too'])
      server.onRequest = ({ skip }) => {
        if (skip === 15) server.removeChannel()
      }
      const { versions } = await readAll(server)
      for (const { id, modified } of server.rows) expect(versions).toContain(`${id}@${modified}`)
    }
  })

  it('walks history again when rows went of a channel that had left the list before', async () => {
    for (const order of ['shuffled', 'ascending', 'descending'] as const) {
      const server = serverWith(36, order, ['gone', 'kept', 'kept too'])
      server.unlisted = ['gone']
      server.onRequest = ({ skip }) => {
        if (skip === 15) server.removeChannel()
      }
      const { versions } = await readAll(server)
      for (const { id, modified } of server.rows) expect(versions).toContain(`${id}@${modified}`)
    }
  })

  it('does not wait for a list when the reader stops', async () => {
    const server = serverWith(36)
    const asked = Promise.withResolvers<void>()
    server.onList = () => {
      asked.resolve()
      return new Promise(() => {})
    }
    for await (const _ of readPages(server, null)) {
      await asked.promise
      break
    }
    expect(server.inFlight).toBe(0)
  })

  it('sees a channel that goes between two runs of one walk', async () => {
    const server = serverWith(36, 'ascending', ['gone', 'kept'])
    const first = await readAll(server, null, { limit: { maxPages: 4 } })
    expect(first.cursor).toMatchObject({ todo: [{ pages: 3, channels: expect.any(String) }] })
    server.removeChannel()
    const second = await readAll(server, first.cursor)
    const versions = [...first.versions, ...second.versions]
    for (const { id, modified } of server.rows) expect(versions).toContain(`${id}@${modified}`)
  })

  it('walks history twice where the channels may not be listed', async () => {
    const server = serverWith(30)
    server.hidesChannels = true
    const { versions, cursor } = await readAll(server)
    expect(new Set(versions).size).toBe(30)
    expect(cursor).not.toHaveProperty('todo')
    // 6 pages twice, and the recent window; nothing to prove.
    expect(server.asked).toHaveLength(13)
    expect(server.lists).toBe(1)
  })

  it('takes back what is in flight when the reader stops', async () => {
    const server = serverWith(2_000)
    for await (const page of readPages(server, null)) if (server.mostInFlight > 4 && page) break
    expect(server.inFlight).toBe(0)
  })

  it('is the error of one window, behind the pages that had come', async () => {
    const server = serverWith(2_000)
    const failure = new Error('one window')
    server.onRequest = () => {
      if (server.asked.length > 60) throw failure
    }
    const pages: FeedPage[] = []
    const read = async () => {
      for await (const page of readPages(server, null)) pages.push(page)
    }
    await expect(read()).rejects.toBe(failure)
    expect(server.inFlight).toBe(0)
    server.onRequest = () => {}
    const rest = await readAll(server, JSON.parse(JSON.stringify(pages.at(-1)!.cursor)))
    expect(new Set([...pages.flatMap(versionsOf), ...rest.versions]).size).toBe(2_000)
  })

  it('is the reason of an abort', async () => {
    const server = serverWith(2_000)
    const stop = new AbortController()
    server.onRequest = () => {
      if (server.asked.length > 40) stop.abort(new Error('enough'))
    }
    await expect(readAll(server, null, { signal: stop.signal })).rejects.toThrow('enough')
    expect(server.inFlight).toBe(0)
  })

  it('says unstable after everything else has been read, and leaves that window for the next run', async () => {
    const server = new MemoryServer(NOW, 'shuffled')
    const moment = NOW - 40 * DAY
    for (let row = 0; row < 20; row++) server.add(moment)
    for (let row = 0; row < 20; row++) server.add(NOW - 50 * DAY - row)
    server.add(NOW - 60 * DAY)
    const [busy] = server.rows.slice(-1)
    let walk = 0
    server.onRequest = ({ skip }) => {
      // Never quiet, and other rows at that moment in each walk.
      busy!.modified = server.now
      if (skip === 0) for (const row of server.rows.slice(0, 20)) row.id = `${row.id.split('/')[0]}/${++walk}`
    }
    const pages: FeedPage[] = []
    const read = async () => {
      for await (const page of readPages(server, null)) pages.push(page)
    }
    await expect(read()).rejects.toMatchObject({ code: 'PARLEY_WINDOW_UNSTABLE' })
    const last = pages.at(-1)!
    expect(last.complete).toBe(false)
    expect(last.cursor.todo).toMatchObject([{ a: moment, walk: 1, pages: 0 }])
    server.onRequest = () => {}
    const rest = await readAll(server, last.cursor)
    expect(rest.cursor).not.toHaveProperty('todo')
  })
})
