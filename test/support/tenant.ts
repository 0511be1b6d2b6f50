import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  realClock,
  startTeamsSimulator,
  type TeamsSimulator,
  type TeamsSimulatorOptions,
} from '../../sources/microsoft_teams/simulator/index.ts'
import { type CliOptions, type RunningCli, startParley, sync } from './cli.ts'

/** Longer than lookback, settle and the horizon of moved pages: whatever happened before is settled. */
export const LATER_MS = 10 * 60_000

/** A simulated tenant with a folder for its connection file, spec and DuckDB file. */
export interface Tenant {
  simulator: TeamsSimulator
  folder: string
  database: string
  /** Arguments of `parley sync` for this tenant. */
  args: string[]
  /** Moves the simulator's clock: changes settle, tokens age. */
  later(ms?: number): void
  /** Runs `parley sync` in a process of its own. */
  sync(extra?: readonly string[], options?: CliOptions): ReturnType<typeof sync>
  start(extra?: readonly string[], options?: CliOptions): RunningCli
  writeSpec(text: string): string
  close(): Promise<void>
}

/** All tables of the source, with table options for every one of them. */
export function specText(
  options: Record<string, unknown> = {},
  tables = ['teams', 'channels', 'messages', 'message_replies'],
): string {
  const objects = tables.map((table) => ({ table: { source_table: table, table_configuration: options } }))
  return JSON.stringify({ connection_name: 'test', objects }, null, 2)
}

export async function startTenant(
  options: TeamsSimulatorOptions = {},
  tableOptions: Record<string, unknown> = {},
): Promise<Tenant> {
  const clock = options.clock ?? realClock()
  const simulator = await startTeamsSimulator({ throttle: 'off', ...options, clock })
  const folder = mkdtempSync(join(tmpdir(), 'parley-tenant-'))
  const database = join(folder, 'lake.duckdb')
  const connection = join(folder, 'connection.json')
  writeFileSync(connection, JSON.stringify(simulator.connection), { mode: 0o600 })
  const writeSpec = (text: string): string => {
    const file = join(folder, 'pipeline.yaml')
    writeFileSync(file, text)
    return file
  }
  const args = [
    writeSpec(specText(tableOptions)),
    '--source',
    'microsoft_teams',
    '--connection',
    connection,
    '--destination',
    `duckdb:${database}`,
  ]
  return {
    simulator,
    folder,
    database,
    args,
    later: (ms = LATER_MS) => clock.advance(ms),
    sync: (extra = [], cli = {}) => sync([...args, ...extra], cli),
    start: (extra = [], cli = {}) => startParley(['sync', ...args, ...extra], cli),
    writeSpec,
    async close() {
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Rows that a run changed, over all tables. */
export function changedRows(result: { tables: { inserted: number; updated: number; deleted: number }[] }): number {
  return result.tables.reduce((sum, table) => sum + table.inserted + table.updated + table.deleted, 0)
}
