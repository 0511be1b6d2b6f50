import { statSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { RecordBatch } from 'apache-arrow'
import { literal } from './sql.ts'

const MIB = 1024 * 1024
/**
 * What DuckDB gets while rows are of usual width; what it needs beyond this it spills. Twice of what a checkpoint of
 * messages has to hold at once: with 96 MiB it fails, with two threads and with four (1.5, measured).
 */
const BASE_BYTES = 192 * MIB
/** DuckDB holds the texts of so many rows at once, in each of its threads, and cannot spill them (1.5, measured). */
const VECTOR_ROWS = 2_048
/** Syncs wait for the network: more threads would hold more rows, and not be faster. */
export const THREADS = Math.min(4, availableParallelism())
/** The most of the machine's memory that DuckDB takes, and what it leaves to the process around it. */
const MACHINE_SHARE = 0.8
const PROCESS_BYTES = 1_536 * MIB
/** A checkpoint writes the last rows of a table again, with all their texts: where they are long it has to be rare. */
const WIDE_CHECKPOINT = '512MB'

/**
 * Keeps DuckDB's memory small, but large enough for the widest rows. A file is opened with DuckDB's own bound, most of the
 * machine: what the file holds, and what a killed process left in its log, is not known before.
 */
export class MemoryRoom {
  readonly #db: DuckDBConnection
  readonly #path: string
  #limit = 0
  #widest = 0

  constructor(db: DuckDBConnection, path: string) {
    this.#db = db
    this.#path = path
  }

  /** Bounds the memory by the rows that these tables hold. Reads the file's metadata only. */
  async settle(tables: readonly string[]): Promise<void> {
    for (const table of tables) this.#widest = Math.max(this.#widest, await widestOf(this.#db, table))
    const needed = await this.#needed(0)
    try {
      await this.#set(needed)
    } catch {
      // DuckDB holds more than that, of the log perhaps, and cannot let go of it now: the bound of the file's opening stays.
      this.#limit = Number.POSITIVE_INFINITY
    }
  }

  /** Makes room for rows that are about to be written. */
  async fit(batches: readonly RecordBatch[]): Promise<void> {
    const rows = batches.reduce((sum, { numRows }) => sum + numRows, 0)
    const bytes = batches.reduce((sum, { data }) => sum + data.byteLength, 0)
    this.#widest = Math.max(this.#widest, bytes / Math.max(1, rows))
    const needed = await this.#needed(bytes)
    if (needed > this.#limit) await this.#set(needed)
  }

  async #needed(unitBytes: number): Promise<number> {
    const log = statSync(`${this.#path}.wal`, { throwIfNoEntry: false })?.size ?? 0
    return memoryFor(this.#widest, (await storedBytes(this.#db)) + log + unitBytes, machineBytes())
  }

  async #set(limit: number): Promise<void> {
    await this.#db.run(`SET memory_limit = '${Math.round(limit / MIB)}MiB'`)
    if (limit > BASE_BYTES) await this.#db.run(`SET checkpoint_threshold = '${WIDE_CHECKPOINT}'`)
    this.#limit = limit
  }
}

/**
 * Bytes that DuckDB may hold: the base, and where rows are wide also all rows of its vectors, of which there are no more
 * than are stored. Pure.
 */
export function memoryFor(widest: number, stored: number, machine: number): number {
  const vectors = Math.min(THREADS * VECTOR_ROWS * widest, 1.25 * stored)
  if (vectors <= BASE_BYTES / 2) return BASE_BYTES
  return Math.max(BASE_BYTES, Math.min(BASE_BYTES + vectors, MACHINE_SHARE * machine, machine - PROCESS_BYTES))
}

/** The longest texts of all columns together. `stats()` would say the same, but scans rows to say it. */
async function widestOf(db: DuckDBConnection, table: string): Promise<number> {
  const result = await db.runAndReadAll(
    `SELECT coalesce(sum(longest), 0)::DOUBLE FROM (
       SELECT max(try_cast(nullif(regexp_extract(stats, 'Max String Length: (\\d+)', 1), '') AS BIGINT)) AS longest
       FROM pragma_storage_info(${literal(table)}) GROUP BY column_path)`,
  )
  return Number(result.getRows()[0]?.[0] ?? 0)
}

/** In blocks of the file that are in use: what was written again has left free ones. */
async function storedBytes(db: DuckDBConnection): Promise<number> {
  const result = await db.runAndReadAll('SELECT sum(used_blocks * block_size)::DOUBLE FROM pragma_database_size()')
  return Number(result.getRows()[0]?.[0] ?? 0)
}

/** What this process may use: a container has less than its machine. */
function machineBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
}
