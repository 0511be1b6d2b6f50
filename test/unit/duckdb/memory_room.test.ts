import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import { memoryFor, widestIn } from '../../../pipeline/destinations/duckdb/memory_room.ts'

const MIB = 1024 * 1024
const BASE = 256 * MIB
const MACHINE = 16_384 * MIB

describe('memoryFor', () => {
  it.each([
    ['an empty file', 0, 0, BASE],
    ['many short texts: two vectors of them', 1_024, 90_000 * MIB, BASE + 4 * MIB],
    ['a few long texts: not more than are stored', 5 * MIB, 400 * MIB, BASE + 500 * MIB],
    ['many long texts: not more than the machine has to spare', 5 * MIB, 90_000 * MIB, 0.8 * MACHINE],
  ])('gives %s', (_, widest, stored, bytes) => {
    expect(memoryFor(widest, stored, MACHINE)).toBe(bytes)
  })

  it('never falls below its base, however small the machine', () => {
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

  it('gets the room that its rows need, also in a process that did not write them', async () => {
    const path = join(folder, 'lake.duckdb')
    open = await openDatabase(path, { sleep: async () => {} })
    expect(await limitOf(open)).toBe('256.0 MiB')
    await open.connection.run('CREATE TABLE t (id INTEGER, body STRUCT(content VARCHAR, kind VARCHAR))')
    await open.memory.fit('t', [])
    expect(await limitOf(open)).toBe('256.0 MiB')
    await open.connection.run(
      "INSERT INTO t SELECT range, {content: repeat('x', 1000000 + range::INTEGER), kind: ''} FROM range(40)",
    )
    open.close()
    open = await openDatabase(path, { sleep: async () => {} })
    await open.connection.run('BEGIN')
    await open.memory.fit('t', [])
    const larger = Number.parseFloat(await limitOf(open))
    expect(larger).toBeGreaterThan(256 + 40)
    expect(larger).toBeLessThan(256 + 100)
  })
})

it('takes the widths of nested columns together', () => {
  const text = '[Min: a, Max String Length: 30] {x: [Max String Length: 7], y: [Max String Length: ?]}'
  expect(widestIn(text)).toBe(37)
})
