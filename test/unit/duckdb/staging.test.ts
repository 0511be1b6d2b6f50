import { afterEach, beforeEach, expect, it } from 'vitest'
import { batchOf, jobOf, notes } from '../../support/jobs.ts'
import { Lake, note } from './lake.ts'

const UNITS = 30
const ROWS = 2_000
const MIB = 1024 * 1024

let lake: Lake
beforeEach(() => {
  lake = new Lake()
})
afterEach(() => lake.remove())

/** What DuckDB holds of tables that are in no file: in memory, or spilled beside the database. */
async function temporaryBytes(): Promise<number> {
  const [row] = await lake.rows<{ bytes: number }>(
    `SELECT sum(memory_usage_bytes + temporary_storage_bytes)::DOUBLE AS bytes FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'`,
  )
  return row!.bytes
}

it('rows that are stored are staged no more: what a sync holds does not grow with what it has read', async () => {
  await lake.open([jobOf(notes)])
  const held: number[] = []
  for (let unit = 0; unit < UNITS; unit++) {
    const rows = Array.from({ length: ROWS }, (_, row) => note(`${unit}-${row}`, 1, `${unit} ${row} `.repeat(100)))
    await lake.commit({ batches: [{ job: 'test.notes', partition: 'p', batch: batchOf(notes, rows) }] })
    held.push(await temporaryBytes())
  }
  // A checkpoint gives back whole blocks: some units wait for it together.
  expect(Math.max(...held) / MIB, held.map((bytes) => (bytes / MIB).toFixed(1)).join(' ')).toBeLessThan(32)
})
