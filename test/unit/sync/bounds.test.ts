import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { defineFeed, type FeedPage, type Partition } from '../../../libs/connect/feed.ts'
import { type Closable, defineSource } from '../../../libs/connect/source.ts'
import { SourceUnavailableError } from '../../../libs/http/source_unavailable_error.ts'
import { runSync } from '../../../pipeline/sync/index.ts'
import { batchOf, jobOf, notes } from '../../support/jobs.ts'
import { query } from '../../support/query.ts'
import { testRuntime } from '../../support/runtime.ts'

const folder = mkdtempSync(join(tmpdir(), 'parley-bounds-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const UNTIL = Date.UTC(2026, 0, 1)
const down = () => new SourceUnavailableError('GET /', 8, 1, 'status 503')
const refused: FeedPage['refused'] = { code: 'PARLEY_PERMISSION_MISSING', status: 403, message: 'No.', remedy: 'Ask.' }

/** A sync of so many partitions, each of one note; `answer` says what the n-th read of one does. */
async function sync(name: string, count: number, answer: (id: string, read: number) => 'row' | 'refused' | Error) {
  const reads: string[] = []
  const feed = defineFeed<Closable>({
    name: 'notes',
    tables: ['notes'],
    kind: 'windowed',
    cursorVersion: 1,
    until: async () => UNTIL,
    discover: async () => ({
      partitions: Array.from({ length: count }, (_, index): Partition => ({ id: `p${index}` })),
      complete: true,
    }),
    look: async () => ({ state: 'present' }),
    cursorAt: (t) => ({ v: 1, t }),
    async *read(_connection, { id }) {
      reads.push(id)
      const what = answer(id, reads.filter((one) => one === id).length)
      if (what instanceof Error) throw what
      if (what === 'refused') yield { rows: new Map(), cursor: { v: 1 }, complete: false, refused: refused! }
      else {
        const rows = new Map([['notes', [batchOf(notes, [{ id, changed: '2025-01-01T00:00:00Z', content: id }])]]])
        yield { rows, cursor: { v: 1, t: UNTIL }, complete: true }
      }
    },
  })
  const source = defineSource({
    name: 'made',
    displayName: 'Made',
    options: {},
    tables: [notes],
    feeds: [feed],
    account: () => 'account',
    connect: () => ({ close: async () => {} }),
    check: async () => [],
  })
  const database = join(folder, `${name}.duckdb`)
  const plan = { source, connectionName: 'test', connectionOptions: {}, jobs: [jobOf(notes)], workers: 4 }
  const run = runSync(plan, {
    destination: { kind: 'duckdb', path: database },
    runtime: testRuntime(),
    signal: new AbortController().signal,
  })
  return { run, reads, database }
}

it('a partition that fails is read once more at the end of the run, behind all others', async () => {
  const { run, reads } = await sync('again', 10, (id, read) => (id === 'p3' && read === 1 ? down() : 'row'))
  expect(await run).toMatchObject({ status: 'ok', errors: [], tables: [{ inserted: 10, partitions: { done: 10 } }] })
  expect(reads).toHaveLength(11)
  expect(reads.at(-1)).toBe('p3')
})

it('one that fails again is behind, and leaves the others alone', async () => {
  const { run, reads, database } = await sync('behind', 10, (id) => (id === 'p3' ? down() : 'row'))
  expect(await run).toMatchObject({
    status: 'partial',
    errors: [{ partition: 'p3', code: 'PARLEY_SOURCE_UNAVAILABLE' }],
    tables: [{ inserted: 9, partitions: { total: 10, done: 9, failed: 1, refused: 0 } }],
  })
  expect(reads.filter((id) => id === 'p3')).toHaveLength(2)
  const behind = await query(database, `SELECT "partition", code FROM parley.coverage WHERE state = 'behind'`)
  expect(behind).toEqual([{ partition: 'p3', code: 'PARLEY_SOURCE_UNAVAILABLE' }])
})

it('fifty failures in a row, none read between them: the source itself is down, and the run ends', async () => {
  const { run, reads } = await sync('down', 500, () => down())
  await expect(run).rejects.toMatchObject({ code: 'PARLEY_SOURCE_UNAVAILABLE' })
  expect(reads.length).toBeGreaterThanOrEqual(50)
  expect(reads.length).toBeLessThan(60)
})

it('many failures with partitions read between them do not end it; in the second try fifty in a row stand for the rest', async () => {
  const { run, reads } = await sync('some', 240, (id) => (Number(id.slice(1)) % 2 === 0 ? down() : 'row'))
  expect(await run).toMatchObject({
    status: 'partial',
    tables: [{ inserted: 120, partitions: { total: 240, done: 120, failed: 120 } }],
  })
  expect(reads.length - 240).toBeGreaterThanOrEqual(50)
  expect(reads.length - 240).toBeLessThan(60)
})

it('a result lists a thousand errors at most; coverage has them all', async () => {
  const { run, database } = await sync('errors', 1_100, () => 'refused')
  const { errors, tables } = await run
  expect(errors).toHaveLength(1_000)
  expect(tables[0]!.partitions.refused).toBe(1_100)
  const [lines] = await query<{ n: number }>(
    database,
    `SELECT count(*)::INTEGER AS n FROM parley.coverage WHERE state = 'refused'`,
  )
  expect(lines!.n).toBe(1_100)
})
