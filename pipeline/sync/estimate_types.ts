/** What `sync --dry-run` finds out. Times are ISO 8601 in UTC. */
export interface SyncEstimate {
  source: string
  connection: string
  /** A run has written to the destination before. */
  destination_exists: boolean
  tables: TableEstimate[]
  /** Tables of one feed and options are read together. */
  reads: ReadEstimate[]
  /** Of the whole run, what finding the partitions takes included. */
  requests: RequestEstimate
  /** How long the requests take under the documented limits; of the estimate, or of `at_least` where there is none. */
  seconds: number
  /** The limit that takes the longest; null where no feed names limits. */
  limit: BindingLimit | null
  /** Runs of the same tables that the destination remembers; null: none. */
  earlier: EarlierRuns | null
  /** What this estimate itself asked. */
  planning: { requests: number; bytes: number; seconds: number }
}

export interface TableEstimate {
  /** The source's name of the table. */
  table: string
  /** `schema.table` it goes to. */
  destination: string
  partitions: {
    total: number
    /** Read from the beginning. */
    new: number
    /** Read on from where an earlier run ended. */
    going_on: number
    /** The API says no to them, so that nobody knows what is in them. */
    refused: number
    /** Known from earlier runs, and no longer listed: each is asked for. */
    missing: number
  }
  /** The furthest behind of those that go on; null where none does. */
  since: string | null
  /** Where each begins: a time, `beginning`, or `unfinished` for a read that was broken off. At most `MOST_PARTITIONS`. */
  list: { partition: string; from: string }[]
}

export interface RequestEstimate {
  at_least: number
  /** Null where there is nothing to go by. */
  estimated: number | null
  /** How the estimate was made. */
  basis: string
}

export interface ReadEstimate {
  feed: string
  /** `schema.table` of each table of the destination. */
  destinations: string[]
  /** Reads: a partition, or a part of its tables. */
  reads: number
  requests: RequestEstimate
}

export interface BindingLimit {
  /** `team`, `export` … */
  rule: string
  per_second: number
  requests: number
  seconds: number
}

export interface EarlierRuns {
  runs: number
  /** The one that read the most. */
  largest: { requests: number; seconds: number; rows: number }
  /** The median of the others; null where there is only one. */
  usual: { requests: number; seconds: number } | null
}

/** Partitions that an estimate lists for each table; their counts are whole. */
export const MOST_PARTITIONS = 1_000
