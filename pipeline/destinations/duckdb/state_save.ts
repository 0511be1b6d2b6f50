import type { DuckDBConnection } from '@duckdb/node-api'
import { stableStringify } from '../../../libs/connect/json.ts'
import type { CommitUnit, RunRecord } from '../destination.ts'

/** Writes cursors, coverage and quarantine of a unit, inside the unit's transaction. */
export async function saveUnitState(db: DuckDBConnection, connection: string, unit: CommitUnit): Promise<void> {
  if (unit.cursors.length > 0) {
    const rows = unit.cursors.map((change) => ({ ...change, cursor: stableStringify(change.cursor) }))
    await insertJson(db, connection, rows, {
      into: 'parley.cursors',
      columns: 'connection, job, "partition", cursor, updated_at',
      shape: '{"job":"VARCHAR","partition":"VARCHAR","cursor":"VARCHAR"}',
      select: '$1, x.job, x."partition", x.cursor, now()',
    })
  }
  const restarted = unit.gone.filter((one) => one.restart === true)
  await deleteOf(db, connection, 'parley.cursors', restarted)
  await deleteOf(db, connection, 'parley.coverage', unit.superseded)
  if (unit.coverage.length > 0) {
    await insertJson(db, connection, unit.coverage, {
      into: 'parley.coverage',
      columns:
        'connection, job, "partition", params, state, synced_until, code, message, missing_since, run_id, updated_at',
      shape:
        '{"job":"VARCHAR","partition":"VARCHAR","params":"VARCHAR","state":"VARCHAR","synced_until":"BIGINT","code":"VARCHAR","message":"VARCHAR","missing_since":"BIGINT","run_id":"VARCHAR"}',
      select:
        '$1, x.job, x."partition", x.params, x.state, make_timestamptz(x.synced_until * 1000), x.code, x.message, make_timestamptz(x.missing_since * 1000), x.run_id, now()',
    })
  }
  if (unit.quarantined.length > 0) {
    await insertJson(db, connection, unit.quarantined, {
      into: 'parley.quarantine',
      columns: 'connection, job, "partition", code, message, "row", row_hash, quarantined_at',
      shape: '{"job":"VARCHAR","partition":"VARCHAR","code":"VARCHAR","message":"VARCHAR","row":"VARCHAR"}',
      select: '$1, x.job, x."partition", x.code, x.message, x."row", sha256(x."row"), now()',
    })
  }
}

/** What a state table says of these partitions. */
async function deleteOf(
  db: DuckDBConnection,
  connection: string,
  from: string,
  partitions: readonly { job: string; partition: string }[],
): Promise<void> {
  if (partitions.length === 0) return
  const rows = partitions.map(({ job, partition }) => ({ job, partition }))
  await db.run(
    `DELETE FROM ${from} WHERE connection = $1 AND (job, "partition") IN
       (SELECT (x.job, x."partition") FROM (SELECT unnest(from_json($2::JSON, '[{"job":"VARCHAR","partition":"VARCHAR"}]')) AS x))`,
    [connection, JSON.stringify(rows)],
  )
}

interface JsonInsert {
  into: string
  columns: string
  shape: string
  select: string
}

/** One statement for many small rows, which travel as one JSON parameter. */
async function insertJson(
  db: DuckDBConnection,
  connection: string,
  rows: readonly object[],
  insert: JsonInsert,
): Promise<void> {
  const source = `(SELECT unnest(from_json($2::JSON, '[${insert.shape}]')) AS x)`
  await db.run(`INSERT OR REPLACE INTO ${insert.into} (${insert.columns}) SELECT ${insert.select} FROM ${source}`, [
    connection,
    JSON.stringify(rows),
  ])
}

export async function saveRun(db: DuckDBConnection, connection: string, run: RunRecord): Promise<void> {
  await db.run(
    `INSERT OR REPLACE INTO parley.runs (run_id, connection, source, status, started_at, completed_at, result)
     VALUES ($1, $2, $3, $4, make_timestamptz($5::BIGINT * 1000), make_timestamptz($6::BIGINT * 1000), $7)`,
    [
      run.run_id,
      connection,
      run.source,
      run.status,
      BigInt(run.started_at),
      run.completed_at === null ? null : BigInt(run.completed_at),
      run.result,
    ],
  )
}
