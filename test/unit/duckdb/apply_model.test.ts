import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScdType } from '../../../pipeline/spec/types.ts'
import type { Version } from '../../../pipeline/sync/decide.ts'
import { applyRows } from '../../../pipeline/sync/decide_unit.ts'
import { vanish } from '../../../pipeline/sync/decide_vanished.ts'
import { batchOf, jobOf, labels, notes } from '../../support/jobs.ts'
import { Lake, note } from './lake.ts'

/** The real SQL against `decide` in memory: random units, in any order, repeated, with ties and rows without a time. */
const MODES: ScdType[] = ['SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY']
/** Many keys in a unit: a statement costs the same for one. */
const IDS = [...'abcdefghij']
const RUNS = Number(process.env.PARLEY_APPLY_RUNS ?? 15)

interface Arriving {
  id: string
  /** ms. */
  sequence: number | null
  content: string
}

/** One line of a table: key, start, end, content. Times in ms. */
type Line = [id: string, start: number | null, end: number | null, content: string]

let lake: Lake
beforeAll(() => {
  lake = new Lake({ inMemory: true })
})
afterAll(() => lake.remove())

const ms = (column: string) => `epoch_ms(${column})::DOUBLE`
async function held(table: string, scdType: ScdType): Promise<Line[]> {
  const times = scdType === 'SCD_TYPE_2' ? [ms('__START_AT'), ms('__END_AT')] : [ms('changed'), 'NULL']
  const rows = await lake.rows<{ line: string }>(
    `SELECT to_json([id, ${times.join('::VARCHAR, ')}::VARCHAR, body.content])::VARCHAR AS line FROM ${table} ORDER BY ALL`,
  )
  return rows.map(({ line }) => {
    const [id, start, end, content] = JSON.parse(line) as [string, string | null, string | null, string]
    return [id, start === null ? null : Number(start), end === null ? null : Number(end), content]
  })
}

const sorted = (lines: Line[]): string[] => lines.map((line) => JSON.stringify(line)).toSorted()

const byKey = <T extends { id: string }>(rows: readonly T[]) => Map.groupBy(rows, ({ id }) => id)

/** What a unit's counts are of one key: a row that takes the place of another one of the unit is not counted twice. */
function countOf(before: readonly Version[], after: readonly Version[], inserted: number) {
  const written = after.filter(
    ({ start, content }) => !before.some((version) => version.start === start && version.content === content),
  )
  return { inserted, updated: written.length - inserted }
}

describe.each(MODES)('%s', (scdType) => {
  it('of rows with a time: ends where decide ends, and counts what it decided', async () => {
    const arriving = fc.record({
      id: fc.constantFrom(...IDS),
      sequence: fc.option(
        fc.integer({ min: 1, max: 6 }).map((second) => second * 1000),
        { freq: 6 },
      ),
      content: fc.constantFrom('x', 'y'),
    })
    const units = fc.array(fc.array(arriving, { minLength: 1, maxLength: 30, size: 'max' }), {
      minLength: 1,
      maxLength: 5,
    })
    await lake.open(
      [jobOf(notes, scdType)].map((job) => ({ ...job, destination: { schema: scdType, table: 'notes' } })),
    )
    const table = `${scdType}.notes`
    const play = async (list: Arriving[][]) => {
      await lake.run(`DELETE FROM ${table}`)
      const model = new Map<string, Version[]>()
      for (const unit of list) {
        const batch = batchOf(
          notes,
          unit.map(({ id, sequence, content }) => note(id, sequence === null ? null : sequence / 1000, content)),
        )
        const counted = (await lake.commit({ batches: [{ job: table, partition: 'p', batch }] })).get(table)
        const expected = { inserted: 0, updated: 0 }
        for (const [id, rows] of byKey(unit)) {
          // The hash covers the time too, as that of every declared table does.
          const hashed = rows.map(({ sequence, content }) => ({
            sequence,
            content: JSON.stringify([sequence, content]),
          }))
          const before = model.get(id) ?? []
          const { versions, decisions } = applyRows(before, hashed, scdType)
          const count = countOf(before, versions, decisions.filter(({ kind }) => kind === 'insert').length)
          expected.inserted += count.inserted
          expected.updated += count.updated
          model.set(id, versions)
        }
        expect(counted).toMatchObject(expected)
        const lines = [...model].flatMap(([id, versions]) =>
          versions.map(({ start, end, content }): Line => {
            const [sequence, text] = JSON.parse(content) as [number | null, string]
            return [id, scdType === 'SCD_TYPE_2' ? (start as number | null) : sequence, end as number | null, text]
          }),
        )
        expect(sorted(await held(table, scdType))).toEqual(sorted(lines))
      }
    }
    const replayed = units.map((list) => [...list, list[0]!, list.at(-1)!.toReversed()])
    await fc.assert(fc.asyncProperty(replayed, play), { numRuns: RUNS })
  })

  it('of snapshots with shared rows: ends where decide and vanish end', async () => {
    await lake.open([{ ...jobOf(labels, scdType), destination: { schema: scdType, table: 'labels' } }])
    const table = `${scdType}.labels`
    const shown = fc.record({ id: fc.constantFrom(...IDS), content: fc.constantFrom('x', 'y') })
    const page = fc.record({
      partition: fc.constantFrom('p', 'q', 'r'),
      rows: fc.array(shown, { maxLength: 8, size: 'max' }),
    })
    const step = fc.record({
      /** Walks of partitions, each at a generation of its own: earlier ones go on after later ones have begun. */
      pages: fc.array(fc.record({ page, generation: fc.integer({ min: 1, max: 9 }) }), { maxLength: 3 }),
      listed: fc.option(
        fc.record({ partition: fc.constantFrom('p', 'q', 'r'), generation: fc.integer({ min: 1, max: 9 }) }),
      ),
      gone: fc.option(fc.constantFrom('p', 'q', 'r'), { freq: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10, size: 'max' }), async (steps) => {
        await lake.run(`DELETE FROM ${table}; DELETE FROM parley.snapshot_seen`)
        const model = new SnapshotModel(scdType)
        for (const { pages, listed, gone } of steps) {
          const walk = (generation: number) => ({ id: generation * 1000, pages: 1, previous: null })
          const counted = await lake.commit({
            batches: pages.map(({ page: { partition, rows }, generation }) => ({
              job: table,
              partition,
              batch: batchOf(
                labels,
                rows.map(({ id, content }) => note(id, null, content)),
              ),
              generation: walk(generation),
            })),
            listed:
              listed === null
                ? []
                : [{ job: table, partition: listed.partition, generation: walk(listed.generation), parts: [] }],
            gone: gone === null ? [] : [{ job: table, partition: gone, parts: [] }],
            coverage: gone === null ? [] : [goneAt(table, gone, 5000)],
          })
          model.show(
            pages.flatMap(({ page: { partition, rows }, generation }) =>
              rows.map((row) => ({ ...row, partition, sequence: generation * 1000 })),
            ),
          )
          if (listed !== null) model.miss(listed.partition, listed.generation * 1000, listed.generation * 1000)
          if (gone !== null) model.miss(gone, Infinity, 5000)
          expect(counted.get(table)?.deleted ?? 0).toBe(model.takeDeleted())
          expect(sorted(await held(table, scdType))).toEqual(sorted(model.lines()))
        }
      }),
      { numRuns: RUNS },
    )
  })
})

const goneAt = (job: string, partition: string, missing_since: number) => ({
  job,
  partition,
  params: JSON.stringify({ id: partition }),
  state: 'gone' as const,
  synced_until: null,
  code: null,
  message: null,
  missing_since,
  run_id: 'r',
})

/** Who showed which key when, and what that leaves of each key. */
class SnapshotModel {
  readonly #scdType: ScdType
  readonly #versions = new Map<string, Version[]>()
  /** Generation by partition and key. */
  readonly #seen = new Map<string, Map<string, number>>()
  #deleted = 0

  constructor(scdType: ScdType) {
    this.#scdType = scdType
  }

  show(rows: { id: string; partition: string; sequence: number; content: string }[]): void {
    for (const [id, ofKey] of byKey(rows)) {
      const { versions } = applyRows(this.#versions.get(id) ?? [], ofKey, this.#scdType)
      // A row of a snapshot does not hold the generation that showed it.
      const keepsTime = this.#scdType === 'SCD_TYPE_2'
      this.#versions.set(
        id,
        versions.map((version) => (keepsTime ? version : { ...version, start: null })),
      )
    }
    for (const [partition, ofPartition] of Map.groupBy(rows, (row) => row.partition)) {
      const seen = this.#seen.get(partition) ?? new Map<string, number>()
      this.#seen.set(partition, seen)
      for (const [id, ofKey] of byKey(ofPartition)) seen.set(id, Math.max(...ofKey.map(({ sequence }) => sequence)))
    }
  }

  miss(partition: string, before: number, at: number): void {
    const seen = this.#seen.get(partition) ?? new Map<string, number>()
    for (const [id, generation] of [...seen]) {
      if (generation >= before) continue
      seen.delete(id)
      if ([...this.#seen.values()].some((others) => others.has(id))) continue
      const versions = this.#versions.get(id) ?? []
      const isShown = versions.some(({ end }) => end === null)
      if (isShown && this.#scdType !== 'APPEND_ONLY') this.#deleted += 1
      this.#versions.set(id, vanish(versions, at, this.#scdType))
    }
  }

  takeDeleted(): number {
    const deleted = this.#deleted
    this.#deleted = 0
    return deleted
  }

  lines(): Line[] {
    return [...this.#versions].flatMap(([id, versions]) =>
      versions.map(
        ({ start, end, content }): Line => [
          id,
          this.#scdType === 'SCD_TYPE_2' ? Number(start) : null,
          end as number | null,
          content,
        ],
      ),
    )
  }
}
