import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { Event } from '../../libs/observe/events.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { discord } from '../../sources/discord/index.ts'
import {
  type DiscordSimulator,
  type DiscordSimulatorOptions,
  realClock,
  startDiscordSimulator,
} from '../../sources/discord/simulator/index.ts'
import { DISCORD_TABLES } from './discord_truth.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { clockRuntime } from './runtime.ts'
import { type InProcessSync, syncInProcess } from './sync_in_process.ts'
import { specText } from './tenant.ts'

/** What a sync of a world can be told. */
export type WorldSync = Partial<Omit<InProcessSync, 'simulator' | 'database' | 'source'>>

/** Guilds on a clock that a test can move, and a DuckDB file beside it. */
export class DiscordWorld {
  readonly simulator: DiscordSimulator
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-discord-'))
  readonly database = join(this.folder, 'lake.duckdb')

  private constructor(simulator: DiscordSimulator) {
    this.simulator = simulator
  }

  static async start(options: DiscordSimulatorOptions = {}): Promise<DiscordWorld> {
    return new DiscordWorld(await startDiscordSimulator({ clock: realClock(), throttle: 'off', ...options }))
  }

  /** Every table, unless `tables` says otherwise. Time has passed since the last sync, so that there is a new moment to read up to. */
  async sync(options: WorldSync = {}): Promise<RunResult> {
    this.pass(2_000)
    return this.syncNow(options)
  }

  /** Without any time between. */
  syncNow(options: WorldSync = {}): Promise<RunResult> {
    return syncInProcess({
      simulator: this.simulator,
      database: this.database,
      source: discord as unknown as SourceDefinition,
      tables: DISCORD_TABLES,
      ...options,
    })
  }

  /** A sync on the world's own clock, which may fail: how it ended, as the command would exit. */
  async outcome(options: WorldSync = {}): Promise<Outcome> {
    const events: Event[] = []
    const observer = (event: Event): void => {
      events.push(event)
      options.onEvent?.(event)
    }
    const runtime = { ...clockRuntime(this.simulator.clock, observer), ...options.runtime }
    return outcomeOf(this.sync({ ...options, runtime, onEvent: observer }), events)
  }

  /** Writes connection and spec; the arguments of `parley sync` for them. */
  command(connection: Record<string, unknown> = {}, tableOptions: Record<string, unknown> = {}): string[] {
    const file = (name: string, text: string): string => {
      writeFileSync(join(this.folder, name), text, { mode: 0o600 })
      return join(this.folder, name)
    }
    const options = file('connection.json', JSON.stringify({ ...this.simulator.connection, ...connection }))
    const spec = file('pipeline.yaml', specText(tableOptions, DISCORD_TABLES))
    return [spec, '--source', 'discord', '--connection', options, '--destination', `duckdb:${this.database}`]
  }

  pass(ms: number): void {
    this.simulator.clock.advance(ms)
  }

  async close(): Promise<void> {
    await this.simulator.close()
    this.simulator.clock.close?.()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Rows that a run changed, over all tables. */
export function changedRows({ tables }: RunResult): number {
  return tables.reduce((sum, { inserted, updated, deleted }) => sum + inserted + updated + deleted, 0)
}
