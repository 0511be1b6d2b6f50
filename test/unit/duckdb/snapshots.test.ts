import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ScdType } from '../../../pipeline/spec/types.ts'
import { batchOf, jobOf, labels, notes } from '../../support/jobs.ts'
import { changes, Lake, note } from './lake.ts'

let lake: Lake
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

interface Listing {
  pages?: number
  previous?: number
  /** The walk ended with this page. Default true. */
  whole?: boolean
  parts?: string[]
  content?: string
  asked?: { absent: string[]; kept: string[] }
}

/** A page of a walk over a partition's list. Generations are ms. */
async function list(partition: string, id: number, ids: string[], part: Listing = {}) {
  const generation = { id, pages: part.pages ?? 1, previous: part.previous ?? null }
  const rows = ids.map((label) => note(label, 1, part.content ?? 'a label'))
  const batches = [{ job: 'test.labels', partition, batch: batchOf(labels, rows), generation }]
  const listed =
    part.whole === false
      ? []
      : [
          {
            job: 'test.labels',
            partition,
            generation,
            parts: part.parts ?? [],
            ...(part.asked ? { asked: part.asked } : {}),
          },
        ]
  return (await lake.commit({ batches, listed })).get('test.labels')!
}

async function lose(partition: string, missing_since: number) {
  const line = { job: 'test.labels', partition, params: JSON.stringify({ id: partition }), state: 'gone' as const }
  const coverage = [{ ...line, synced_until: null, code: null, message: null, missing_since, run_id: 'r' }]
  const counts = await lake.commit({ gone: [{ job: 'test.labels', partition, parts: [] }], coverage })
  return counts.get('test.labels')
}

/** Open rows as `id`, ended ones as `id start-end`. */
async function shown(): Promise<string[]> {
  const rows = await lake.rows<Record<string, string | null>>('SELECT * FROM test.labels ORDER BY id, 1')
  if (rows.every((row) => row.__END_AT == null)) return rows.map(({ id }) => id!)
  const lines = await lake.rows<{ line: string }>(
    `SELECT CASE WHEN __END_AT IS NULL THEN id ELSE id || ' ' || epoch_ms(__START_AT) || '-' || epoch_ms(__END_AT) END AS line FROM test.labels ORDER BY id, __START_AT`,
  )
  return lines.map(({ line }) => line)
}

/** What is left of `b`, shown since 100, that vanished at the time given. */
const LEFT: Record<ScdType, (at: number) => string[]> = {
  SCD_TYPE_1: () => [],
  SCD_TYPE_2: (at) => [`b 100-${at}`],
  APPEND_ONLY: () => ['b'],
}

describe.each(['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'] as const)('a row of a snapshot, %s', (scdType) => {
  const deleted = scdType === 'APPEND_ONLY' ? 0 : 1
  const without = (at: number) => ['a', ...LEFT[scdType](at)].toSorted()
  beforeEach(() => lake.open([jobOf(labels, scdType)]))

  it('is gone when a listing of one page lacks it', async () => {
    await list('p', 100, ['a', 'b'])
    expect(await list('p', 200, ['a'])).toEqual(changes({ deleted }))
    expect(await shown()).toEqual(without(200))
    expect(await list('p', 300, ['a'])).toEqual(changes({}))
  })

  it('stays when it was asked for and is there, also for the next listings', async () => {
    await list('p', 100, ['a', 'b', 'c'])
    const asked = { kept: ['["b"]'], absent: ['["c"]'] }
    expect(await list('p', 200, ['a'], { asked })).toEqual(changes({ deleted }))
    expect(await shown()).toEqual(['a', 'b', ...LEFT[scdType](200).map((left) => left.replace('b', 'c'))].toSorted())
    expect(await list('p', 300, ['a'], { asked: { kept: [], absent: [] } })).toEqual(changes({ deleted }))
  })

  it('is gone at once when it was asked for and is absent, though the walk had several pages', async () => {
    await list('p', 100, ['a', 'b'], { pages: 3 })
    const asked = { kept: [], absent: ['["b"]'] }
    expect(await list('p', 200, ['a'], { pages: 3, previous: 100, asked })).toEqual(changes({ deleted }))
    expect(await shown()).toEqual(without(200))
  })

  it('is told of as unseen, but not where a stored page of the generation shows it', async () => {
    await list('p', 100, ['a', 'b', 'c'])
    await list('p', 200, ['a'], { whole: false })
    const generation = { id: 200, pages: 2, previous: 100 }
    const listed = { job: 'test.labels', partition: 'p', generation, parts: [] }
    expect(await lake.destination.unseen(listed)).toEqual(['["b"]', '["c"]'])
  })

  it('is gone when two whole walks of several pages lack it, not one', async () => {
    await list('p', 100, ['a', 'b'], { pages: 2 })
    expect(await list('p', 200, ['a'], { pages: 2, previous: 100 })).toEqual(changes({}))
    expect(await shown()).toEqual(['a', 'b'])
    expect(await list('p', 300, ['a'], { pages: 2, previous: 200 })).toEqual(changes({ deleted }))
    expect(await shown()).toEqual(without(300))
  })

  it('stays while a walk goes on, over kills too, and counts as seen in it', async () => {
    await list('p', 100, ['a', 'b'])
    await list('p', 200, ['a'], { whole: false })
    lake.close()
    await lake.open([jobOf(labels, scdType)])
    expect(await shown()).toEqual(['a', 'b'])
    // The walk goes on where it was killed: the second page does not show what the first one did.
    expect(await list('p', 200, ['c'], { pages: 2, previous: 100 })).toEqual(changes({ inserted: 1 }))
    expect(await shown()).toEqual(['a', 'b', 'c'])
  })

  it('stays when a listing was narrowed or refused: such a walk is never `listed`', async () => {
    await list('p', 100, ['a', 'b'])
    await list('p', 200, ['a'], { whole: false })
    await lake.commit({ coverage: [] })
    expect(await shown()).toEqual(['a', 'b'])
    await list('p', 300, ['a', 'b'])
    expect(await shown()).toEqual(['a', 'b'])
  })

  it('is decided by the whole when only a part of it showed it', async () => {
    await list('p/a', 100, ['a'])
    await list('p/b', 100, ['b'])
    expect(await list('p', 200, ['a'], { parts: ['p/a', 'p/b'] })).toEqual(changes({ deleted }))
    expect(await shown()).toEqual(without(200))
  })

  it('stays as long as another partition shows it, whatever becomes of the first', async () => {
    await list('p', 100, ['a', 'b'])
    await list('q', 100, ['b'])
    expect(await list('p', 200, ['a'])).toEqual(changes({}))
    expect(await shown()).toEqual(['a', 'b'])
    expect(await lose('q', 350)).toEqual(changes({ deleted }))
    expect(await shown()).toEqual(without(350))
  })

  it('that vanished and comes back as it was has a version of its own', async () => {
    await list('p', 100, ['a', 'b'])
    await list('p', 200, ['a'])
    const inserted = scdType === 'APPEND_ONLY' ? 0 : 1
    expect(await list('p', 300, ['a', 'b'])).toEqual(changes({ inserted }))
    expect(await shown()).toEqual(scdType === 'SCD_TYPE_2' ? ['a', 'b 100-200', 'b'] : ['a', 'b'])
  })

  it('that is listed unchanged changes nothing; changed, it is updated once', async () => {
    await list('p', 100, ['a'])
    expect(await list('p', 200, ['a'])).toEqual(changes({}))
    const isAppend = scdType === 'APPEND_ONLY'
    expect(await list('p', 300, ['a'], { content: 'new' })).toEqual(
      changes(isAppend ? { inserted: 1 } : { updated: 1 }),
    )
    expect(await list('q', 250, ['a'], { content: 'new' })).toEqual(changes({}))
    expect(await shown()).toEqual(
      { SCD_TYPE_1: ['a'], SCD_TYPE_2: ['a 100-300', 'a'], APPEND_ONLY: ['a', 'a'] }[scdType],
    )
  })
})

it('a walk that began before others have ended tells of the past only: absences stay, neighbours too', async () => {
  await lake.open([jobOf(labels, 'SCD_TYPE_2')])
  await list('p', 100, ['a'], { content: 'x' })
  await list('p', 200, [])
  await list('p', 400, ['a'], { content: 'y' })
  expect(await list('q', 300, ['a'], { content: 'x', whole: false })).toEqual(changes({ updated: 1 }))
  expect(await list('r', 150, ['a'], { content: 'z', whole: false })).toEqual(changes({ updated: 1 }))
  expect(await list('s', 180, ['a'], { content: 'z', whole: false })).toEqual(changes({}))
  expect(await shown()).toEqual(['a 100-150', 'a 150-200', 'a 300-400', 'a'])
})

it('a partition that is gone keeps the rows of tables that are not listed', async () => {
  await lake.open([jobOf(notes)])
  await lake.commit({ batches: [{ job: 'test.notes', partition: 'p', batch: batchOf(notes, [note('a', 1, 'x')]) }] })
  await lake.commit({ gone: [{ job: 'test.notes', partition: 'p', parts: [] }] })
  expect(await lake.rows('SELECT id FROM test.notes')).toEqual([{ id: 'a' }])
})
