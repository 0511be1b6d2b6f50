import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenedState, OpenOptions, TableChanges } from '../../../pipeline/destinations/destination.ts'
import { type Database, openDatabase } from '../../../pipeline/destinations/duckdb/database.ts'
import { DuckDbDestination } from '../../../pipeline/destinations/duckdb/index.ts'
import type { SyncJob } from '../../../pipeline/sync/types.ts'
import { emptyUnit, type UnitPart } from '../../../pipeline/sync/unit.ts'
import type { Note } from '../../support/jobs.ts'

export const prod = { name: 'prod', source: 'notes', account: 'acme' }

/** A DuckDB file in a folder of its own, with a destination on it. */
export class Lake {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-duckdb-'))
  readonly path: string
  #database: Database | null = null
  destination!: DuckDbDestination

  /** @param inMemory for tests of many small units that never close it */
  constructor({ inMemory = false } = {}) {
    this.path = inMemory ? ':memory:' : join(this.folder, 'lake.duckdb')
  }

  /** Opens the file without a look at what is in it. */
  async connect(): Promise<Database> {
    this.#database ??= await openDatabase(this.path, { sleep: async () => {} })
    return this.#database
  }

  async open(jobs: readonly SyncJob[], options?: OpenOptions): Promise<OpenedState> {
    this.destination = new DuckDbDestination(await this.connect())
    return this.destination.open(prod, jobs, options)
  }

  commit(part: UnitPart): Promise<Map<string, TableChanges>> {
    return this.destination.commit({ ...emptyUnit(), ...part })
  }

  async run(sql: string): Promise<void> {
    await (await this.connect()).connection.run(sql)
  }

  async rows<T = unknown>(sql: string): Promise<T[]> {
    return (await (await this.connect()).connection.runAndReadAll(sql)).getRowObjectsJson() as T[]
  }

  close(): void {
    this.#database?.close()
    this.#database = null
  }

  remove(): void {
    this.close()
    rmSync(this.folder, { recursive: true })
  }
}

export const note = (id: string, second: number | null, content: string): Note => ({
  id,
  changed: second === null ? null : new Date(second * 1000).toISOString(),
  content,
})

export const changes = (some: Partial<TableChanges>): TableChanges => ({
  inserted: 0,
  updated: 0,
  deleted: 0,
  refilled: 0,
  ...some,
})
