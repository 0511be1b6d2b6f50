import type { JsonObject } from '../connect/json.ts'

/**
 * Everything that happens in a run, as one stream. Progress bar, NDJSON, status file and log are
 * readers of it; no part of Parley prints by itself. Times are ISO 8601 text in UTC, durations seconds.
 */
export type Event =
  | { type: 'run_started'; run_id: string; source: string; connection: string; tables: string[]; until?: string }
  /** `tables` of the destination: a feed is listed once for each set of options, and only they tell which. */
  | { type: 'discovered'; feed: string; partitions: number; refused: number; tables?: string[] }
  | { type: 'partition_started'; feed: string; partition: string; tables: string[] }
  | { type: 'page'; feed: string; partition: string; rows: number; received: number; by_table?: Record<string, number> }
  | { type: 'partition_done'; feed: string; partition: string; rows: number; pages: number; seconds: number }
  | { type: 'partition_refused'; feed: string; partition: string; code: string; message: string }
  | { type: 'partition_behind'; feed: string; partition: string; code: string; message: string }
  | { type: 'partition_gone'; feed: string; partition: string }
  | {
      type: 'committed'
      unit: number
      rows: number
      changed: number
      bytes: number
      seconds: number
      by_table?: Record<string, TableChanges>
    }
  | { type: 'commit_phase'; unit: number; phase: 'stage' | 'apply' | 'commit' | 'done' }
  | { type: 'request'; method: string; path: string; status: number; seconds: number; bytes: number }
  /**
   * A refusal to wait for. `scope`: whom it holds back, the key of a limit or `request` for this one only; `limit`: that
   * limit's requests per window, as the server says it, else as it is documented; `wait_seconds`: until the next try.
   */
  | {
      type: 'throttled'
      scope: string
      method: string
      path: string
      status: number
      wait_seconds: number
      retry_after: string | null
      limit?: number
    }
  | { type: 'retried'; method: string; path: string; attempt: number; reason: string; wait_seconds: number }
  | { type: 'notice'; code: string; message: string; details?: JsonObject }
  | { type: 'warning'; code: string; message: string; details?: JsonObject }
  | { type: 'run_finished'; run_id: string; status: string; seconds: number; rows: number }

/** What one unit changed in one table of the destination. */
export interface TableChanges {
  inserted: number
  updated: number
  deleted: number
}

export type EventType = Event['type']

/** Receives every event. Never throws and never blocks the run. */
export type Observer = (event: Event) => void

export const silent: Observer = () => {}
