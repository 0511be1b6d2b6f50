import type { RecordBatch } from 'apache-arrow'
import type { Anonymizer } from '../anonymize/anonymizer.ts'
import type { EstimateArgs, FeedEstimate } from './estimate.ts'
import type { Instant } from './instant.ts'
import type { Json, JsonObject } from './json.ts'
import type { ResolvedOptions } from './options.ts'
import type { Session } from './session.ts'

/**
 * A share of a feed that is read, resumed and reported alone. Beside `id` it holds the primitives its feed needs
 * (`team_id`). Those whose names begin with `_` are what the list told now, and are not kept for later runs.
 */
export interface Partition {
  readonly id: string
  /** Made by an option, as a part of this partition (one channel of a team): no parent list shows it. */
  readonly within?: string
  /** The partition that this one lies below (a thread's channel): who may not see that one may not see this one. */
  readonly below?: string
  /** Named by an option: no list has shown it, and it may be a typing error. */
  readonly asked?: boolean
  readonly [param: string]: string | number | boolean | undefined
}

/** Where a partition goes on. JSON of primitives with a version; owned by the feed that wrote it. */
export interface Cursor extends JsonObject {
  v: number
}

/** The API said no to one partition: 403, 412, or a 404 that is not proven yet. */
export interface Refusal {
  /** `PARLEY_PERMISSION_MISSING`, `PARLEY_PARTITION_NOT_FOUND` … */
  code: string
  status: number
  message: string
  remedy: string
}

/** A row that has no usable key: kept aside with the reason, never dropped. */
export interface RejectedRow {
  table: string
  code: string
  message: string
  /** The row as JSON text. */
  row: string
}

/** One walk over a partition of a snapshot feed. `id` is the walk's `until`; it is the sequence of the walk's rows. */
export interface Generation {
  id: Instant
  /** Pages of the walk so far, this one included. */
  pages: number
  /** The last walk that saw the whole partition; null when there was none. */
  previous: Instant | null
}

/**
 * A part of a scope (a channel) that this page shows whole: what is held of it and not on the page was deleted.
 * For tables with `softDelete`.
 */
export interface ScannedRange {
  /** Value of the scope's column. */
  scope: string
  /** Exclusive and inclusive, as the range's column writes them. */
  after: string
  upTo: string
  /** The API's clock at the read. */
  at: Instant
}

/** Rows plus the cursor *after* them. The last page of a read has `complete: true`. */
export interface FeedPage {
  rows: Map<string, RecordBatch[]>
  cursor: Cursor
  /** The partition has been read up to the request's `until`. */
  complete: boolean
  /**
   * On the last page: the read that it ends began at this time, in an earlier run, before the request's `until`. What it
   * read then may have changed since, so that nothing later is claimed.
   */
  since?: Instant
  /** Set on a page without rows that ends the read: the cursor has not moved. */
  refused?: Refusal
  rejected?: RejectedRow[]
  /** Values that went to `_rescued_data` on this page, by table. */
  rescued?: Map<string, number>
  /** Snapshot feeds only. */
  generation?: Generation
  /** Snapshot feeds only: an option or a refusal leaves rows out of this listing: what it lacks proves nothing, but can be asked for. */
  narrowed?: boolean
  /** Windowed feeds with soft deletes: what this page shows whole. Only where the answer cannot stand for a lack of rights. */
  scanned?: ScannedRange[]
  /**
   * Tables whose rows bring volatile values on this page that were asked for because rows held may lack them: they are
   * filled in place, though nothing else of a row has changed.
   */
  fills?: readonly string[]
  /** Rows the API sent for this page, before windows and tables were filtered (for progress). */
  received?: number
}

/** Bounds of one batch. A batch ends at the first page that reaches one of them; a page is never split. */
export interface Limit {
  maxPages?: number
  maxRecords?: number
}

export interface FeedRequest {
  /** Which of the feed's tables the caller wants. */
  tables: ReadonlySet<string>
  /** The session of the read or run: what discovery found can serve the read. */
  session: Session
  /** Ceiling of the read, exclusive, fixed before it starts. */
  until: Instant
  options: ResolvedOptions
  signal: AbortSignal
  limit?: Limit
  /** Set by `readFeed` where the connection asks for it; `PageEncoders` does the rest. */
  anonymizer?: Anonymizer | null
}

/** The partitions of a feed as its parent lists them now. */
export interface Discovery {
  partitions: Partition[]
  /** The parent list was read whole; only then can an absent partition be on its way to `gone`. */
  complete: boolean
  /**
   * Where an option narrowed the list: whether it would name this partition of an earlier run if it were still there. Then
   * its absence counts as from a complete list. False for what was not asked for, and for what lies below a parent that
   * did not answer. Pure. Absent: what a narrowed list lacks proves nothing.
   */
  standsFor?(known: Partition): boolean
  /** Parents that answered no, so that nobody knows what lies below them: reported, and asked again by the next run. */
  refused?: RefusedPartition[]
}

export interface RefusedPartition {
  partition: Partition
  /** `status` 0 where it was no answer. */
  refusal: Refusal
  /** It did not say no, it failed: `behind`, not `refused`. */
  failed?: boolean
  /** Only some of what lies below it is unknown: the rest was listed, and what an earlier run knew can be asked for. */
  partly?: boolean
  /** An option named it, and it does not exist: refused where no run has read it, else missing like one that a list lacks. */
  absent?: boolean
}

/** What a direct GET of a partition says, for one that a complete list no longer shows. */
export type Sighting =
  | { state: 'present' }
  | { state: 'absent'; status: number }
  | { state: 'refused'; refusal: Refusal }

/** Everything a feed may ask of the world besides its API client. */
export interface ReadArgs<C> {
  connection: C
  options: ResolvedOptions
  session: Session
  signal: AbortSignal
  /** Requests that discovery may have under way at the same time. Default: its own. */
  workers?: number
  /** Cursors of this runtime are times only (Spark's offsets): no page token outlives a read. */
  timesOnly?: boolean
}

/** The stored cursor of a partition by its id; null when there is none. */
export type CursorOf = (partition: string) => Cursor | null

/**
 * One way of reading the API that yields rows for one or more tables. A source author writes tables
 * and feeds; the LakeflowConnect interface, the engine and the Spark reader are derived from them.
 */
export interface FeedDefinition<C = unknown> {
  readonly name: string
  readonly tables: readonly string[]
  /** Snapshot feeds end with a whole generation; windowed feeds end at `until`. */
  readonly kind: 'snapshot' | 'windowed'
  /** The highest cursor version this feed writes; every lower one is understood. */
  readonly cursorVersion: number
  /** Partitions worth reading at the same time where the API limits each by itself. Default: the engine's. */
  readonly parallel?: number
  /** The ceiling of a read that starts now: from the API host's `Date`, never from the local clock. */
  until(args: ReadArgs<C>): Promise<Instant>
  discover(args: ReadArgs<C>): Promise<Discovery>
  /**
   * Asks for one partition directly.
   * @param again an earlier look found it absent, so that this one decides: an API whose 404 passes is asked several times
   */
  look(partition: Partition, args: ReadArgs<C>, again: boolean): Promise<Sighting>
  /**
   * Snapshot feeds: asks for one row that was listed before and is in a whole listing no more, for an API whose lists
   * also leave out what the caller may not see. Only `absent` lets the row go; at most some hundred are asked for in a
   * listing. Absent: the listing decides.
   * @param key the row's primary key by column
   */
  lookAtRow?(table: string, key: Readonly<Record<string, string>>, args: ReadArgs<C>): Promise<Sighting>
  /**
   * The cursor of a partition that has been read up to `t` with these options: for runtimes whose offsets hold
   * times only. Reading on from it subtracts the feed's own lookback.
   */
  cursorAt(t: Instant, options: ResolvedOptions): Cursor
  read(connection: C, partition: Partition, cursor: Cursor | null, request: FeedRequest): AsyncIterable<FeedPage>
  /**
   * Another way to read a partition that answered no: what to read in its place, with what that does not stand for as
   * `refused`. Null: there is none.
   */
  fallback?(partition: Partition, refusal: Refusal, args: ReadArgs<C>): Promise<Discovery | null>
  /** True when reading `by` reads all that `known` stands for, so that an earlier run's line of `known` is history. Pure. */
  covers?(by: Partition, known: Partition): boolean
  /** Leaves (the threads of a server) do not cover each other: there can be thousands with one root. Pure; with `covers`. */
  isLeaf?(partition: Partition): boolean
  /** Only partitions with the same root can cover each other (a team and its channels). Pure; with `covers`. */
  rootOf?(partition: Partition): string
  /**
   * Where a partition begins that has no cursor of its own: what other partitions of the feed have read of it
   * before (a channel was read with its team). Null: at the beginning.
   */
  handOver?(partition: Partition, cursorOf: CursorOf, args: ReadArgs<C>): Promise<Cursor | null>
  /** What a reader of coverage should know about a partition that is well: how it is read, and why. Pure. */
  note?(partition: Partition): { code: string; message: string } | null
  /** The part of a cursor that says where it is: tables whose cursors agree in it are read together. Default: all of it. Pure. */
  placeOf?(cursor: Cursor): JsonObject
  /**
   * For an API that limits how often the same may be asked without a range of dates: whether a read with these options
   * gives one. Absent: the API sets no such limit. Pure.
   */
  ranged?(options: ResolvedOptions): boolean
  /** What reading would cost, with a bounded number of small requests where it takes some to tell. Absent: nobody knows. */
  estimate?(args: EstimateArgs<C>): Promise<FeedEstimate>
}

export function defineFeed<C>(feed: FeedDefinition<C>): FeedDefinition<C> {
  return feed
}

export function isCursor(value: Json | undefined): value is Cursor {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value.v === 'number'
}
