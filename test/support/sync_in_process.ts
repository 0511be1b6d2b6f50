import { resolveOptions } from '../../libs/connect/options.ts'
import type { Runtime, SourceDefinition } from '../../libs/connect/source.ts'
import type { Event } from '../../libs/observe/events.ts'
import { toSyncJobs } from '../../pipeline/cli/sync_plan.ts'
import type { ScdType } from '../../pipeline/spec/types.ts'
import { runSync } from '../../pipeline/sync/index.ts'
import type { RunResult } from '../../pipeline/sync/types.ts'
import { UNIT_BOUNDS } from '../../pipeline/sync/unit.ts'
import { microsoftTeams } from '../../sources/microsoft_teams/index.ts'
import { testRuntime } from './runtime.ts'

export interface InProcessSync {
  simulator: { connection: object }
  /** Connection options beside those of the simulator. */
  connection?: Readonly<Record<string, unknown>>
  /** Default: Microsoft Teams. */
  source?: Pick<SourceDefinition, 'name' | 'options' | 'tables' | 'feeds'>
  /** Path of the DuckDB file. */
  database: string
  /** Default: the two tables of messages of Microsoft Teams. */
  tables?: readonly string[]
  /** Table options for every table. */
  options?: Readonly<Record<string, string>>
  scdType?: ScdType
  /** Default: each table's own. */
  primaryKeys?: string[]
  full?: boolean
  workers?: number
  /** Rows of a commit unit. */
  unitRows?: number
  /** Default: real clock, real chance, wide limits. */
  runtime?: Partial<Runtime>
  signal?: AbortSignal
  onEvent?: (event: Event) => void
}

/** A sync in this process: for tests that inject the clock, or break it off at an event. */
export function syncInProcess(sync: InProcessSync): Promise<RunResult> {
  const {
    source = microsoftTeams,
    tables = ['messages', 'message_replies'],
    options = {},
    scdType = 'SCD_TYPE_1',
  } = sync
  const spec = {
    file: '',
    connectionName: 'test',
    tables: tables.map((table) => ({
      sourceTable: table,
      destination: { table },
      scdType,
      options: { ...options },
      ...(sync.primaryKeys === undefined ? {} : { primaryKeys: sync.primaryKeys }),
      line: 0,
    })),
  }
  const plan = {
    source,
    connectionName: 'test',
    connectionOptions: resolveOptions(
      source.options,
      { ...sync.simulator.connection, ...sync.connection },
      { scope: 'connection', unknown: 'error' },
    ),
    jobs: toSyncJobs(source as SourceDefinition, spec, () => {}),
    ...(sync.full === undefined ? {} : { full: sync.full }),
    ...(sync.workers === undefined ? {} : { workers: sync.workers }),
  }
  const observer = sync.onEvent ?? (() => {})
  return runSync(plan as unknown as Parameters<typeof runSync>[0], {
    destination: { kind: 'duckdb', path: sync.database },
    runtime: { ...testRuntime(), ...sync.runtime, observer },
    signal: sync.signal ?? new AbortController().signal,
    ...(sync.unitRows === undefined ? {} : { unitBounds: { ...UNIT_BOUNDS, rows: sync.unitRows } }),
  })
}
