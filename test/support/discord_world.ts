import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { discord } from '../../sources/discord/index.ts'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  realClock,
  startDiscordSimulator,
} from '../../sources/discord/simulator/index.ts'
import { DISCORD_TABLES } from './discord_truth.ts'
import { type InProcessSync, syncInProcess } from './sync_in_process.ts'

/** Guilds on a clock that a test can move, and a DuckDB file beside it. */
export class DiscordWorld {
  readonly simulator: DiscordSimulator
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-discord-'))
  readonly database = join(this.folder, 'lake.duckdb')

  private constructor(simulator: DiscordSimulator) {
    this.simulator = simulator
  }

  static async start(options: DiscordSimulatorOptions = {}): Promise<DiscordWorld> {
    const clock = realClock()
    return new DiscordWorld(await startDiscordSimulator({ clock, throttle: 'off', ...options }))
  }

  /** Every table, unless `tables` says otherwise. Time has passed since the last sync, so that there is a new moment to read up to. */
  async sync(options: Partial<Omit<InProcessSync, 'simulator' | 'database' | 'source'>> = {}): Promise<RunResult> {
    this.pass(2_000)
    return syncInProcess({
      simulator: this.simulator,
      database: this.database,
      source: discord as unknown as SourceDefinition,
      tables: DISCORD_TABLES,
      ...options,
    })
  }

  pass(ms: number): void {
    ;(this.simulator.clock as ReturnType<typeof realClock>).advance(ms)
  }

  async close(): Promise<void> {
    await this.simulator.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Rows that a run changed, over all tables. */
export function changedRows({ tables }: RunResult): number {
  return tables.reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0)
}
