import { statSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { RecordBatch } from 'apache-arrow'

/** What DuckDB may hold in memory; what it needs beyond this it spills. Its own default is most of the machine's. */
const BASE_BYTES = 256 * 1024 * 1024

/** DuckDB holds the texts of so many rows at once, in each of its threads, and cannot spill them (1.5, measured). */
const VECTOR_ROWS = 2_048
const THREADS = 2
/** The most of the machine's memory that DuckDB takes by itself. */
const MACHINE_SHARE = 0.8
/** From here on a checkpoint is costly: it writes the last rows of a table again, with all their texts. */
const WIDE_ROW_BYTES = 64 * 1024
const WIDE_CHECKPOINT = '512MB'

/** Keeps DuckDB's memory small, but large enough for the widest rows of the file. */
export class MemoryRoom {
  readonly #db: DuckDBConnection
  readonly #wal: string
  #limit: number
  #widest = 0

  constructor(db: DuckDBConnection, path: string) {
    this.#db = db
    this.#wal = `${path}.wal`
    this.#limit = firstLimit(path)
  }

  /**
   * Makes room for the rows of a table, and for those on their way to it. To be called before any of them is written
   * in the open transaction: DuckDB forgets its statistics then.
   */
  async fit(table: string, batches: readonly RecordBatch[]): Promise<void> {
    const rows = batches.reduce((sum, { numRows }) => sum + numRows, 0)
    const bytes = batches.reduce((sum, { data }) => sum + data.byteLength, 0)
    this.#widest = Math.max(this.#widest, await widestOf(this.#db, table), bytes / Math.max(1, rows))
    const limit = memoryFor(this.#widest, (await storedBytes(this.#db)) + sizeOf(this.#wal) + bytes, machineBytes())
    if (limit <= this.#limit) return
    this.#limit = limit
    await this.#db.run(`SET memory_limit = '${mib(limit)}'`)
    if (this.#widest >= WIDE_ROW_BYTES) await this.#db.run(`SET checkpoint_threshold = '${WIDE_CHECKPOINT}'`)
  }
}

/** Bytes that DuckDB may hold: the base, and the rows of its vectors, of which there are no more than are stored. Pure. */
export function memoryFor(widest: number, stored: number, machine: number): number {
  const vectors = Math.min(THREADS * VECTOR_ROWS * widest, 1.25 * stored)
  return Math.max(BASE_BYTES, Math.min(BASE_BYTES + vectors, MACHINE_SHARE * machine))
}

/** Opening a file reads the log that a killed process left, before anything can be asked. */
export function firstMemoryLimit(path: string): string {
  return mib(firstLimit(path))
}

function firstLimit(path: string): number {
  return memoryFor(Number.POSITIVE_INFINITY, 2 * sizeOf(`${path}.wal`), machineBytes())
}

/** The longest texts of all columns together, as DuckDB's statistics of the table know them. */
async function widestOf(db: DuckDBConnection, table: string): Promise<number> {
  const result = await db.runAndReadAll(`SELECT stats(COLUMNS(*)) FROM ${table} LIMIT 1`)
  return widestIn(result.getRows().flat().join())
}

/** Sum of the lengths that statistics of columns name, nested ones as well. Pure. */
export function widestIn(statistics: string): number {
  return [...statistics.matchAll(/Max String Length: (\d+)/g)].reduce((sum, [, length]) => sum + Number(length), 0)
}

/** In blocks of the file that are in use. */
async function storedBytes(db: DuckDBConnection): Promise<number> {
  const result = await db.runAndReadAll('SELECT sum(used_blocks * block_size)::DOUBLE FROM pragma_database_size()')
  return Number(result.getRows()[0]?.[0] ?? 0)
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** What this process may use: a container has less than its machine. */
function machineBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)}MiB`
}
