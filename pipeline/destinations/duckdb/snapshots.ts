import type { DuckDBConnection } from '@duckdb/node-api'
import type { CommitUnit, ListedWhole } from '../destination.ts'
import { keyText } from './sql.ts'
import { END_AT, STAGING, START_AT, type Target } from './target.ts'

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
 * Takes the rows away that a whole listing lacks. A listing of one page is one look and believed; of several
 * pages, where rows can slip between pages, a row goes when the listing before lacked it too.
 *
 * @returns rows that vanished
 */
export async function applyListing(
  db: DuckDBConnection,
  connection: string,
  target: Target,
  { partition, parts, generation, asked }: ListedWhole,
): Promise<number> {
  const { id, pages, previous } = generation
  const partitions = [partition, ...parts]
  if (asked !== undefined) await keepSeen(db, connection, target, partitions, asked.kept, id)
  const before = pages <= 1 ? id : Math.min(previous ?? Number.MIN_SAFE_INTEGER, id)
  const unseen = await removeUnseen(db, connection, target, { partitions, before, at: id })
  if (asked === undefined || asked.absent.length === 0) return unseen
  return unseen + (await removeUnseen(db, connection, target, { partitions, before: id, at: id, only: asked.absent }))
}

/** See `Destination.unseen`. */
export async function unseenKeys(
  db: DuckDBConnection,
  connection: string,
  { job }: Target,
  { partition, parts, generation }: ListedWhole,
): Promise<string[]> {
  const found = await db.runAndReadAll(
    `SELECT DISTINCT key FROM parley.snapshot_seen WHERE connection = $1 AND job = $2 AND ${OURS} AND generation < $4 ORDER BY key`,
    [connection, job, JSON.stringify([partition, ...parts]), BigInt(generation.id)],
  )
  return (found.getRows() as [string][]).map(([key]) => key)
}

/** Rows that a listing lacks and that are there all the same count as seen by it. */
async function keepSeen(
  db: DuckDBConnection,
  connection: string,
  { job }: Target,
  partitions: readonly string[],
  kept: readonly string[],
  generation: number,
): Promise<void> {
  if (kept.length === 0) return
  await db.run(
    `UPDATE parley.snapshot_seen SET generation = $4 WHERE connection = $1 AND job = $2 AND ${OURS}
     AND key IN (SELECT unnest(from_json($5::JSON, '["VARCHAR"]')))`,
    [connection, job, JSON.stringify(partitions), BigInt(generation), JSON.stringify(kept)],
  )
}

/** Partitions of a job that are gone since one moment, with their parts. */
export interface GoneTogether {
  job: string
  partitions: string[]
  /** When they were first found absent, as their coverage says; null: nobody says. */
  at: number | null
}

/** A forum goes with thousands of posts: what goes at once is taken away at once. */
export function goneTogether({ gone, coverage }: CommitUnit): GoneTogether[] {
  const keyOf = ({ job, partition }: { job: string; partition: string }) => JSON.stringify([job, partition])
  const lines = new Map(coverage.map((line) => [keyOf(line), line]))
  const sinceOf = (one: CommitUnit['gone'][number]) => lines.get(keyOf(one))?.missing_since ?? null
  const together = Map.groupBy(gone, (one) => `${one.job} ${sinceOf(one)}`)
  return [...together.values()].map((all) => ({
    job: all[0]!.job,
    partitions: all.flatMap(({ partition, parts }) => [partition, ...parts]),
    at: sinceOf(all[0]!),
  }))
}

/** Takes the rows away that only partitions that are gone have shown: since they were first found absent. */
export function applyGone(
  db: DuckDBConnection,
  connection: string,
  target: Target,
  { partitions, at }: GoneTogether,
): Promise<number> {
  return removeUnseen(db, connection, target, { partitions, before: Number.MAX_SAFE_INTEGER, at })
}

/** The partition and its parts: parameter $3. */
const OURS = `"partition" IN (SELECT unnest(from_json($3::JSON, '["VARCHAR"]')))`

interface Unseen {
  partitions: readonly string[]
  /** What they have not shown in this generation or a later one is lost. */
  before: number
  /** When it vanished; null: when it was last seen. */
  at: number | null
  /** No other keys than these. */
  only?: readonly string[]
}

async function removeUnseen(
  db: DuckDBConnection,
  connection: string,
  target: Target,
  { partitions, before, at, only }: Unseen,
): Promise<number> {
  const these = `($5::JSON IS NULL OR key IN (SELECT unnest(from_json($5::JSON, '["VARCHAR"]'))))`
  const unseen = `connection = $1 AND job = $2 AND ${OURS} AND generation < $4 AND ${these}`
  const keys = only === undefined ? null : JSON.stringify(only)
  const values = [connection, target.job, JSON.stringify(partitions), BigInt(before), keys]
  // A row that was seen since, or that another partition still shows, stays.
  await db.run(
    `CREATE OR REPLACE TEMP TABLE lost AS
     SELECT key, make_timestamptz(coalesce($6::BIGINT, max(generation)) * 1000) AS _at FROM parley.snapshot_seen
     WHERE ${unseen} AND key NOT IN
       (SELECT key FROM parley.snapshot_seen WHERE connection = $1 AND job = $2 AND (NOT ${OURS} OR generation >= $4))
     GROUP BY key`,
    [...values, at === null ? null : BigInt(at)],
  )
  const vanished = await takeAway(db, target)
  await db.run(`DELETE FROM parley.snapshot_seen WHERE ${unseen}`, values)
  return vanished
}

/** `vanish` of pipeline/sync/decide_vanished.ts for the keys in `lost`. */
async function takeAway(db: DuckDBConnection, { table, keys, scdType }: Target): Promise<number> {
  const isLost = `${keyText(keys, 't.')} = lost.key`
  switch (scdType) {
    case 'SCD_TYPE_1':
      return (await db.run(`DELETE FROM ${table} AS t USING lost WHERE ${isLost}`)).rowsChanged
    case 'SCD_TYPE_2': {
      const end = `greatest(lost._at, t.${START_AT} + INTERVAL 1 MILLISECOND)`
      const ended = await db.run(
        `UPDATE ${table} AS t SET ${END_AT} = ${end} FROM lost WHERE t.${END_AT} IS NULL AND ${isLost}`,
      )
      return ended.rowsChanged
    }
    case 'APPEND_ONLY':
      return 0
  }
}
