import type { DuckDBConnection } from '@duckdb/node-api'
import { RowEncoder } from '../../../libs/schema/index.ts'
import type { SyncJob } from '../../sync/types.ts'
import { emptyUnit } from '../../sync/unit.ts'
import { type ConnectionIdentity, jobName } from '../destination.ts'
import { openDatabase } from './database.ts'
import { DuckDbDestination } from './index.ts'
import { lostJobs } from './lost_tables.ts'
import { type Judgement, judgeRow } from './quarantine_row.ts'
import { hasState, inTransaction, query, type StateAccess } from './state_admin.ts'
import { TargetMissingError } from './target_missing_error.ts'

/** What replaying did with the rows of one table. */
export interface ReplayedTable {
  table: string
  /** Rows that have a usable key now: they were applied and have left the quarantine. */
  replayed: number
  inserted: number
  updated: number
  /** Rows of a table that is listed whole, with a usable key: later listings brought them (or will). They have left (or stay). */
  listed: { left: number; stayed: number }
  /** Rows that still have no usable key. */
  stayed: number
}

/** Rows may be large: so many are held at a time. */
const ROWS_AT_ONCE = 500

interface KeptRow {
  partition: string
  row_hash: string
  /** µs since 1970, as text. */
  at: string
  row: string
  code: string
}

/**
 * Tries the rows that were kept aside once more with today's declarations, table by table.
 * A row leaves the quarantine after the commit that applied it: a kill between the two applies it again, which changes nothing.
 */
export async function replayQuarantine(
  path: string,
  connection: ConnectionIdentity,
  jobs: readonly SyncJob[],
  { signal, sleep }: Omit<StateAccess, 'readOnly'>,
): Promise<ReplayedTable[]> {
  const database = await openDatabase(path, { signal, sleep })
  const destination = new DuckDbDestination(database)
  try {
    await assertThere(database.connection, jobs)
    await destination.open(connection, jobs)
    const tables: ReplayedTable[] = []
    for (const job of jobs)
      tables.push(await replayTable(database.connection, destination, connection.name, job, signal))
    return tables
  } finally {
    await destination.close()
  }
}

/** A sync makes a lost table again, and says so: not a replay. */
async function assertThere(db: DuckDBConnection, jobs: readonly SyncJob[]): Promise<void> {
  const lost = (await hasState(db)) ? await lostJobs(db) : []
  const missing = jobs.map(jobName).find((job) => lost.includes(job))
  if (missing !== undefined) throw new TargetMissingError(missing)
}

async function replayTable(
  db: DuckDBConnection,
  destination: DuckDbDestination,
  connection: string,
  job: SyncJob,
  signal: AbortSignal,
): Promise<ReplayedTable> {
  const table = jobName(job)
  const done: ReplayedTable = { table, replayed: 0, inserted: 0, updated: 0, listed: { left: 0, stayed: 0 }, stayed: 0 }
  let last: KeptRow | undefined
  // Bounded: each round begins behind the last row of the one before, and nobody else writes.
  for (;;) {
    signal.throwIfAborted()
    const rows = await nextRows(db, connection, table, last)
    if (rows.length === 0) return done
    last = rows.at(-1)
    for (const [, ofPartition] of Map.groupBy(rows, ({ partition }) => partition))
      await replayRows(db, destination, connection, job, ofPartition, done)
  }
}

/** In the order in which they were kept, a partition after the other. */
function nextRows(
  db: DuckDBConnection,
  connection: string,
  table: string,
  after: KeptRow | undefined,
): Promise<KeptRow[]> {
  const { partition = '', at = '0', row_hash = '' } = after ?? {}
  return query<KeptRow>(
    db,
    `SELECT "partition", row_hash, epoch_us(quarantined_at)::VARCHAR AS "at", "row", code FROM parley.quarantine
     WHERE connection = $1 AND job = $2 AND ("partition", epoch_us(quarantined_at), row_hash) > ($3, $4::BIGINT, $5)
     ORDER BY "partition", quarantined_at, row_hash LIMIT ${ROWS_AT_ONCE}`,
    [connection, table, partition, at, row_hash],
  )
}

/** Rows of one partition. */
async function replayRows(
  db: DuckDBConnection,
  destination: DuckDbDestination,
  connection: string,
  job: SyncJob,
  rows: readonly KeptRow[],
  done: ReplayedTable,
): Promise<void> {
  const includeRaw = job.options.include_raw === true
  const { name: table, schema, primaryKeys } = job.table
  const encoder = new RowEncoder(schema, { table, primaryKeys, includeRaw })
  const judged = rows.map((row) => ({ row, judgement: judgeRow(encoder, schema, row.row) }))
  const usable = judged.filter(({ judgement }) => judgement.kind === 'usable').map(({ row }) => row)
  const refused = judged.filter(({ judgement }) => judgement.kind === 'refused')
  done.stayed += refused.length
  for (const { row, judgement } of refused) await explainAgain(db, connection, jobName(job), row, judgement)
  if (usable.length === 0) return
  if (job.table.ingestionType === 'snapshot') return countListed(db, connection, job, usable, done)
  const batch = encoder.finish()
  const partition = usable[0]!.partition
  const changes = await destination.commit({ ...emptyUnit(), batches: [{ job: jobName(job), partition, batch }] })
  await release(db, connection, jobName(job), usable)
  const { inserted = 0, updated = 0 } = changes.get(jobName(job)) ?? {}
  done.replayed += usable.length
  done.inserted += inserted
  done.updated += updated
}

/** The reason may be another one today. */
async function explainAgain(
  db: DuckDBConnection,
  connection: string,
  table: string,
  { partition, row_hash, code }: KeptRow,
  judgement: Judgement,
): Promise<void> {
  if (judgement.kind === 'usable' || judgement.code === code) return
  await inTransaction(db, () =>
    db.run(
      `UPDATE parley.quarantine SET code = $5, message = $6 WHERE connection = $1 AND job = $2 AND "partition" = $3 AND row_hash = $4`,
      [connection, table, partition, row_hash, judgement.code, judgement.message],
    ),
  )
}

/**
 * A table that is listed whole gets its rows from the next listing; an old row must not take the place of what a
 * later listing showed. Rows leave the quarantine once their partition has been listed since.
 */
async function countListed(
  db: DuckDBConnection,
  connection: string,
  job: SyncJob,
  rows: readonly KeptRow[],
  done: ReplayedTable,
): Promise<void> {
  const [listed] = await query<{ at: string | null }>(
    db,
    `SELECT epoch_us(synced_until)::VARCHAR AS "at" FROM parley.coverage WHERE connection = $1 AND job = $2 AND "partition" = $3`,
    [connection, jobName(job), rows[0]!.partition],
  )
  const left = rows.filter(({ at }) => BigInt(at) < BigInt(listed?.at ?? 0))
  await release(db, connection, jobName(job), left)
  done.listed.left += left.length
  done.listed.stayed += rows.length - left.length
}

async function release(
  db: DuckDBConnection,
  connection: string,
  table: string,
  rows: readonly KeptRow[],
): Promise<void> {
  if (rows.length === 0) return
  const hashes = JSON.stringify(rows.map(({ row_hash }) => row_hash))
  await inTransaction(db, () =>
    db.run(
      `DELETE FROM parley.quarantine WHERE connection = $1 AND job = $2 AND "partition" = $3
       AND row_hash IN (SELECT unnest(from_json($4::JSON, '["VARCHAR"]')))`,
      [connection, table, rows[0]!.partition, hashes],
    ),
  )
}
