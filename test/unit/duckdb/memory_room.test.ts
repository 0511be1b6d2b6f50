import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import { memoryFor, THREADS } from '../../../pipeline/destinations/duckdb/memory_room.ts'

const MIB = 1024 * 1024
const BASE = 192 * MIB
const MACHINE = 16_384 * MIB

describe('memoryFor', () => {
  it.each([
    ['an empty file', 0, 0, BASE],
    ['many short texts', 4_096, 90_000 * MIB, BASE],
    [
      'many texts of some length: so many rows of them as DuckDB holds',
      MIB / 4,
      90_000 * MIB,
      BASE + THREADS * 512 * MIB,
    ],
    ['a few long texts: not more than are stored', 5 * MIB, 400 * MIB, BASE + 500 * MIB],
    ['many long texts: not more than the machine has to spare', 5 * MIB, 90_000 * MIB, 0.8 * MACHINE],
  ])('gives %s', (_, widest, stored, bytes) => {
    expect(memoryFor(widest, stored, MACHINE)).toBe(bytes)
  })

  it('leaves something to the process, and never falls below its base', () => {
    expect(memoryFor(5 * MIB, 90_000 * MIB, 4_096 * MIB)).toBe(2_560 * MIB)
    expect(memoryFor(5 * MIB, 400 * MIB, 100 * MIB)).toBe(BASE)
  })
})

describe('a file with long texts', () => {
  let folder: string
  let open: Database | undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-memory-'))
  })
  afterEach(() => {
    open?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const limitOf = async ({ connection }: Database) => {
    const result = await connection.runAndReadAll("SELECT current_setting('memory_limit')")
    return String(result.getRows()[0]![0])
  }

  it('gets the room that its rows need, in a process that did not write them', async () => {
    const path = join(folder, 'lake.duckdb')
    open = await openDatabase(path, { sleep: async () => {} })
    await open.connection.run('CREATE TABLE "t" (id INTEGER, body STRUCT(content VARCHAR, kind VARCHAR))')
    await open.memory.settle(['"t"'])
    expect(await limitOf(open)).toBe('192.0 MiB')
    // More than that, in rows that share a vector.
    await open.connection.run("SET memory_limit = '4GB'")
    for (let rows = 0; rows < 300; rows += 50)
      await open.connection.run(
        `INSERT INTO t SELECT range, {content: repeat('x', 1500000 + range::INTEGER), kind: ''} FROM range(${rows}, ${rows + 50})`,
      )
    open.close()
    open = await openDatabase(path, { sleep: async () => {} })
    await open.memory.settle(['"t"'])
    const room = Number.parseFloat(await limitOf(open)) * ((await limitOf(open)).endsWith('GiB') ? 1024 : 1)
    expect(room).toBeGreaterThan(192 + 430)
    expect(room).toBeLessThan(192 + 2_000)
    // Writing the table's last rows again is what a small bound would not allow.
    await open.connection.run("INSERT INTO t VALUES (1, {content: 'short', kind: ''})")
    await open.connection.run('CHECKPOINT')
  })

  it('is opened a second time in one process, whatever stands in its log', async () => {
    const path = join(folder, 'lake.duckdb')
    open = await openDatabase(path, { sleep: async () => {} })
    await open.memory.settle([])
    await open.connection.run("CREATE TABLE t AS SELECT repeat('x', 1000000) AS text FROM range(5)")
    const other = await openDatabase(path, { sleep: async () => {} })
    expect(await limitOf(other)).toBe('192.0 MiB')
    other.close()
  })
})
