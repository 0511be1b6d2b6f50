import type { ErrorKind } from '../../libs/connect/error.ts'
import type { ResolvedOptions } from '../../libs/connect/options.ts'
import type { Runtime, SourceDefinition } from '../../libs/connect/source.ts'
import type { TableDefinition } from '../../libs/connect/table.ts'
import type { ScdType } from '../spec/types.ts'
import type { UnitBounds } from './unit.ts'

/** What one `sync` has to do: checked, resolved, ready to run. */
export interface SyncPlan {
  source: SourceDefinition
  /** The first part of every state key. */
  connectionName: string
  connectionOptions: ResolvedOptions
  jobs: SyncJob[]
  /** Partitions read at the same time; the engine's default when absent. */
  workers?: number
  /** Partitions that a worker takes at a time; the engine's default when absent. */
  batch?: number
  /** Read everything again from the beginning and fill columns that were added later, in place. */
  full?: boolean
  /** Wait for another process that holds the destination instead of failing with `locked`. */
  waitLock?: boolean
}

/** One table of the source into one table of the destination. */
export interface SyncJob {
  table: TableDefinition
  destination: { schema: string; table: string }
  scdType: ScdType
  /** The spec's keys, else the table's own. */
  primaryKeys: string[]
  /** The spec's `sequence_by`, else the table's cursor field; `null` for snapshots. */
  sequenceBy: string | null
  /** Table scope. */
  options: ResolvedOptions
}

/** A destination URL after parsing. */
export interface DestinationAddress {
  kind: 'duckdb'
  path: string
}

export interface SyncDeps {
  /** When a unit is stored; tests make it small. Default `UNIT_BOUNDS`. */
  unitBounds?: UnitBounds
  destination: DestinationAddress
  runtime: Runtime
  /** Aborted by the first SIGINT or SIGTERM: finish the unit in hand, write the state, answer `interrupted`. */
  signal: AbortSignal
}

/** `ok`: every partition read up to `until`; `partial`: some behind or refused; `failed`: none read; `interrupted`: by a signal. */
export type RunStatus = 'ok' | 'partial' | 'failed' | 'interrupted'

/** One partition (or the run, with `partition: null`) that could not be read. */
export interface RunError {
  partition: string | null
  code: string
  message: string
  /** ISO 8601, UTC. */
  at: string
  /** Tables of the destination that lack it; absent where it is the run's. */
  tables?: string[]
  /** Shown on a terminal; not part of the JSON result. */
  remedy?: string
}

export interface TableResult {
  /** The source's name of the table. */
  table: string
  /** `schema.table` it goes to; the same table may go to several. */
  destination: string
  /** Rows that the source yielded for this table. */
  read: number
  inserted: number
  updated: number
  deleted: number
  /** With `--full`: rows whose content is as it was, in which columns were filled that their hash does not cover. */
  refilled?: number
  /** Values that went to `_rescued_data`. */
  rescued: number
  /** Rows without a usable key. */
  quarantined: number
  partitions: { total: number; done: number; failed: number; refused: number }
  /** From the beginning of its first partition to the end of its last. */
  seconds: number
}

/** How long one partition took, in all its tables. */
export interface PartitionTiming {
  partition: string
  /** Tables of the destination. */
  tables: string[]
  seconds: number
}

/** How a run went: for tuning, and for comparing runs. A channel is a partition, whatever the source calls it. */
export interface RunStatistics {
  /** Partitions that were read at the same time, at most. */
  maxConcurrentChannels: number
  /** Mean seconds that a partition took. */
  averageChannelTime: number
  totalApiCalls: number
  /** Requests that the API refused for its limits. */
  rateLimitEncounters: number
  /** The slowest partitions, at most a hundred, the slowest first. */
  slowest: PartitionTiming[]
}

/** What `sync --output json` prints, plus `exit_kind`. Times are ISO 8601 in UTC. */
export interface RunResult {
  run_id: string
  status: RunStatus
  started_at: string
  completed_at: string
  seconds: number
  requests: number
  throttled: number
  retried: number
  bytes: number
  errors: RunError[]
  tables: TableResult[]
  statistics: RunStatistics
  /** Which exit code a `failed` run leads to; absent otherwise. */
  exit_kind?: ErrorKind
}

/** What `pipeline/sync/index.ts` exports as `runSync`. Problems with a partition are in the result; everything else throws a ParleyError. */
export type RunSync = (plan: SyncPlan, deps: SyncDeps) => Promise<RunResult>

/** What `readStatus` of a destination answers: the state tables, read only. Times are ISO 8601 in UTC. */
export interface StatusReport {
  /** The newest first, at most ten. */
  runs: {
    run_id: string
    connection: string
    source: string
    status: string
    started_at: string
    completed_at: string | null
    /** What ended a failed run. */
    error?: { code: string; message: string } | null
  }[]
  /** One line a destination table: how many of its partitions stand how, and how far the least advanced `ok` or `behind` one is. */
  coverage: {
    connection: string
    table: string
    ok: number
    behind: number
    refused: number
    gone: number
    synced_until: string | null
  }[]
  /** Partitions that are `behind` or `refused`; at most a hundred. */
  problems: {
    connection: string
    table: string
    partition: string
    state: string
    synced_until: string | null
    code: string | null
    message: string | null
  }[]
  /** Rows without a usable key that were kept aside; tables without any are left out. */
  quarantine: { connection: string; table: string; rows: number }[]
}
