import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import {
  realClock,
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
} from '../../sources/microsoft_teams/simulator/index.ts'
import { type InProcessSync, syncInProcess } from './sync_in_process.ts'
import { LATER_MS } from './tenant.ts'
import { compareWithTruth, equal } from './truth.ts'

/** A simulator and a database, for tests about read modes. Times in ms. */
export class ModesWorld {
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-modes-'))
  readonly database = join(this.#folder, 'lake.duckdb')
  #simulator: TeamsSimulator | undefined

  /** Starts the simulator, or another one in its place. */
  async start(options: TeamsSimulatorOptions = {}): Promise<TeamsSimulator> {
    await this.#simulator?.close()
    const generated = { generated: { teams: 3, channelsPerTeam: 2, messagesPerChannel: 200, days: 500 } }
    const defaults = { throttle: 'off', clock: realClock(), dataset: generated } as const
    this.#simulator = await startTeamsSimulator({ ...defaults, ...options })
    return this.#simulator
  }

  get simulator(): TeamsSimulator {
    return this.#simulator!
  }

  sync(more: Partial<InProcessSync> = {}) {
    return syncInProcess({ simulator: this.simulator, database: this.database, ...more })
  }

  by(read_mode: string, options: Record<string, string> = {}) {
    return this.sync({ options: { read_mode, ...options } })
  }

  later(ms = LATER_MS): void {
    this.simulator.clock.advance(ms)
  }

  change(times: number, target: { team_id?: string } = {}): void {
    for (let change = 0; change < times; change++) this.simulator.mutate.random(target)
  }

  async expectTruth(channels: 'all' | 'exported' = 'all'): Promise<void> {
    const difference = await compareWithTruth(this.database, this.simulator, 'microsoft_teams', channels)
    expect(difference, difference.examples.join('\n')).toMatchObject(equal)
    expect(difference.rows).toBeGreaterThan(0)
  }

  async query<T>(sql: string): Promise<T[]> {
    const { connection, close } = await openDatabase(this.database, { readOnly: true, sleep: async () => {} })
    try {
      return (await connection.runAndReadAll(sql)).getRowObjectsJson() as T[]
    } finally {
      close()
    }
  }

  /** Coverage of the table of messages. */
  coverage(): Promise<{ partition: string; params: string; state: string; code: string | null }[]> {
    return this.query(
      `SELECT "partition", params, state, code FROM parley.coverage WHERE job = 'microsoft_teams.messages'`,
    )
  }

  requests(route: string): number {
    return Object.values(this.simulator.stats().byRoute[route] ?? {}).reduce((sum, count) => sum + count, 0)
  }

  async close(): Promise<void> {
    await this.#simulator?.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
