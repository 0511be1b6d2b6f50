import type { RecordBatch } from 'apache-arrow'
import type { Cursor, Generation, RejectedRow, ScannedRange } from '../../libs/connect/feed.ts'
import type { SyncJob } from '../sync/types.ts'

/** How a partition of a table stands: see DESIGN §3. */
export type CoverageState = 'ok' | 'behind' | 'refused' | 'gone'

/** One line of `parley.coverage`. Times are epoch ms. */
export interface Coverage {
  /** `schema.table` of the destination. */
  job: string
  partition: string
  /** JSON of the partition, so that a later run can ask for it though no list shows it. */
  params: string
  state: CoverageState
  /** Every change before this time has been read; null: none yet. */
  synced_until: number | null
  code: string | null
  message: string | null
  /** First look that found it absent from its complete parent list. */
  missing_since: number | null
  run_id: string
  /** Of a stored line: rows of a listed table hang on the partition. */
  seen?: boolean
}

/** Rows of one page for one job, still in Arrow. */
export interface StagedBatch {
  job: string
  partition: string
  batch: RecordBatch
  /** Snapshot feeds only. */
  generation?: Generation
  /** Volatile values of rows that are held as they are, are filled in place. */
  fills?: boolean
}

export interface CursorChange {
  job: string
  partition: string
  cursor: Cursor
}

/** A partition of a snapshot was listed whole: what the list lacks can be decided. */
export interface ListedWhole {
  job: string
  partition: string
  generation: Generation
  /** Partitions that are parts of this one: what they showed is decided with it. */
  parts: string[]
  /** Rows it lacks that the API was asked for one by one; the others are decided by the listing. */
  asked?: AskedRows
}

/** Answers about rows that a whole listing lacked, by key. A key is the JSON list of its columns' values. */
export interface AskedRows {
  /** The API says they do not exist. */
  absent: string[]
  /** They exist, or nobody may say. */
  kept: string[]
}

/** A range of which everything was read: rows held of it and not in the unit were deleted. */
export interface Scanned extends ScannedRange {
  job: string
}

export interface QuarantinedRow extends RejectedRow {
  job: string
  partition: string
}

/**
 * Consecutive pages of one or more partitions with all their cursors: stored in one transaction, or not at all.
 * Batches of one partition are in read order.
 */
export interface CommitUnit {
  batches: StagedBatch[]
  cursors: CursorChange[]
  coverage: Coverage[]
  listed: ListedWhole[]
  /** Their rows are in this unit too. Tables with `softDelete` only. */
  scanned: Scanned[]
  /**
   * Partitions of earlier runs that another one reads now, or that an option named by mistake: their lines of coverage end,
   * their cursors stay.
   */
  superseded: { job: string; partition: string }[]
  /**
   * Partitions found gone: the rows of snapshots that only they showed go, since the `missing_since` of their line of
   * coverage in this unit. Rows of other tables stay.
   * `restart`: its rows are marked as deleted; should it come back, it is read from its beginning.
   */
  gone: { job: string; partition: string; parts: string[]; restart?: boolean }[]
  quarantined: QuarantinedRow[]
}

/** What a unit changed in a table, as rows of the table. What an SCD2 version's end moves by another one is counted with that one. */
export interface TableChanges {
  /** Keys that had no current row; in append every row. */
  inserted: number
  /** Rows that took the place of others; in SCD2 every version of a key that had an open one. */
  updated: number
  /** Rows of snapshots that vanished: removed, in SCD2 ended; in append they stay. Elsewhere rows that were marked as deleted. */
  deleted: number
  /** Rows of equal content in which `--full` filled columns that the content hash leaves out. No versions. */
  refilled: number
}

/** What is stored of a connection. Cursors by job, then partition. */
export interface StoredState {
  cursors: Map<string, Map<string, Cursor>>
  coverage: Map<string, Map<string, Coverage>>
}

export interface OpenedState extends StoredState {
  /** Other connections of the destination with the account of this one, which is new there; else none. */
  newBeside?: readonly string[]
  /** Jobs that had been read into tables that are not there any more: they were forgotten, and begin anew. */
  rebuilt?: readonly string[]
}

/** Whose data a connection brings. Its name begins every state key, so it must not change hands unnoticed. */
export interface ConnectionIdentity {
  name: string
  source: string
  /** The account at the source: a tenant, a bot … */
  account: string
  /** Fingerprint of the key that its persons are hashed with; null or absent: they are stored as they are. */
  anonymization?: string | null
}

/** A line of `parley.runs`. */
export interface RunRecord {
  run_id: string
  source: string
  status: string
  started_at: number
  completed_at: number | null
  /** The run's result as JSON, without what the other columns hold. */
  result: string | null
}

export interface OpenOptions {
  /** Rows with equal content are written again too, so that columns that were added later are filled; no new versions. */
  full?: boolean
}

/** The steps of a commit, in order; the last one is durable. */
export type CommitPhase = 'stage' | 'apply' | 'commit' | 'done'

/** Where rows go and where state lives. One writer: calls are not concurrent. */
export interface Destination {
  /** Creates or widens tables and state, and answers what is stored for this connection. */
  open(connection: ConnectionIdentity, jobs: readonly SyncJob[], options?: OpenOptions): Promise<OpenedState>
  /** Keys that the partition (with its parts) showed before this generation, and in no page of it that is stored by now. */
  unseen(listed: ListedWhole): Promise<string[]>
  commit(unit: CommitUnit, onPhase?: (phase: CommitPhase) => void): Promise<Map<string, TableChanges>>
  saveRun(run: RunRecord): Promise<void>
  close(): Promise<void>
}

/** The name of a job in state and coverage: its destination table. */
export function jobName(job: SyncJob): string {
  return `${job.destination.schema}.${job.destination.table}`
}
