import type { DuckDBConnection } from '@duckdb/node-api'
import type { CommitUnit, ListedWhole } from '../destination.ts'
import { keyText } from './sql.ts'
import { STAGING, type Target } from './target.ts'

/** Notes which keys each partition showed in the unit, under their generation. */
export async function noteSeen(db: DuckDBConnection, connection: string, target: Target): Promise<void> {
  await db.run(
    `INSERT OR REPLACE INTO parley.snapshot_seen (connection, job, "partition", key, generation)
     SELECT DISTINCT $1, $2, ${STAGING.partition}, ${keyText(target.keys)}, max(${STAGING.generation})
     FROM ${target.staging} GROUP BY ALL`,
    [connection, target.job],
  )
}

/**
 * Removes the rows that a whole listing lacks. A listing of one page is one look and believed; of several
 * pages, where rows can slip between pages, a row goes when the listing before lacked it too.
 */
export async function applyListing(
  db: DuckDBConnection,
  connection: string,
  target: Target,
  { partition, parts, generation }: ListedWhole,
): Promise<number> {
  const before =
    generation.pages <= 1 ? generation.id : Math.min(generation.previous ?? Number.MIN_SAFE_INTEGER, generation.id)
  return removeUnseen(db, connection, target, [partition, ...parts], BigInt(before))
}

/** Removes the rows that only a partition that is gone has shown. */
export async function applyGone(
  db: DuckDBConnection,
  connection: string,
  target: Target,
  { partition, parts }: CommitUnit['gone'][number],
): Promise<number> {
  return removeUnseen(db, connection, target, [partition, ...parts], BigInt(Number.MAX_SAFE_INTEGER))
}

async function removeUnseen(
  db: DuckDBConnection,
  connection: string,
  target: Target,
  partitions: readonly string[],
  before: bigint,
): Promise<number> {
  const ours = `"partition" IN (SELECT unnest(from_json($3::JSON, '["VARCHAR"]')))`
  const unseen = `connection = $1 AND job = $2 AND ${ours} AND generation < $4`
  const values = [connection, target.job, JSON.stringify(partitions), before]
  // A row that was seen since, or that another partition still shows, stays.
  const removed = await db.run(
    `DELETE FROM ${target.table} AS t USING (
       SELECT key FROM parley.snapshot_seen WHERE ${unseen}
       EXCEPT SELECT key FROM parley.snapshot_seen WHERE connection = $1 AND job = $2 AND (NOT ${ours} OR generation >= $4)
     ) AS lost WHERE ${keyText(target.keys, 't.')} = lost.key`,
    values,
  )
  await db.run(`DELETE FROM parley.snapshot_seen WHERE ${unseen}`, values)
  return removed.rowsChanged
}
