import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../pipeline/destinations/duckdb/database.ts'

/** The file that a world is synced into. */
export class DatabaseFolder {
  readonly database: string
  readonly #folder: string
  #keeper: Database | null = null

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'parley-simulation-'))
    this.database = join(this.#folder, 'lake.duckdb')
  }

  /**
   * Keeps the file open between runs: to check-point and to load it each time would take longer than all the rest. What
   * a closed file holds is what test/faults/kill.test.ts is about.
   */
  async keepOpen(): Promise<Database> {
    if (this.#keeper !== null) return this.#keeper
    this.#keeper = await openDatabase(this.database, { sleep: async () => {} })
    // Of a few hundred rows, sharing them out costs more than it saves.
    await this.#keeper.connection.run('SET threads = 1')
    return this.#keeper
  }

  letGo(): void {
    this.#keeper?.close()
    this.#keeper = null
  }

  remove(): void {
    this.letGo()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
