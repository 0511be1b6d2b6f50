import type { DuckDBConnection } from '@duckdb/node-api'
import type { Scanned } from '../destination.ts'
import { assertCount, countWhere } from './apply_counts.ts'
import { name, names, sameKey } from './sql.ts'
import { CONTENT_HASH, END_AT, STAGING, type Target } from './target.ts'

/** Content of a row that is marked as deleted: no row that is read has it, so one that comes back is a change. */
const DELETED = 'deleted'

/**
 * Stages, for every row held in the scanned ranges that the staged rows lack, a copy that is marked as deleted: from
 * there on it is a row like the others, and applied like them. The mark is later than the row, so that it counts.
 * Which rows these are is found out by their keys alone: usually there are none, and rows are wide.
 *
 * @returns how many
 */
export async function stageDeletions(
  db: DuckDBConnection,
  target: Target,
  scanned: readonly Scanned[],
): Promise<number> {
  const { softDelete, keys, table, staging, columns } = target
  if (softDelete === undefined || scanned.length === 0) return 0
  await db.run(
    `CREATE OR REPLACE TEMP TABLE vanished AS
     SELECT t._row, min(r.at) AS at
     FROM (${heldSql(target)}) AS t
     JOIN (
       SELECT x.scope, x."after"::UBIGINT AS low, x.upTo::UBIGINT AS high, make_timestamptz(x."at" * 1000) AS at
       FROM (SELECT unnest(from_json($1::JSON, '[{"scope":"VARCHAR","after":"VARCHAR","upTo":"VARCHAR","at":"BIGINT"}]')) AS x)
     ) AS r ON t.${name(softDelete.scope)} = r.scope AND t._place > r.low AND t._place <= r.high
     ANTI JOIN ${staging} AS s ON ${sameKey(keys, 't', 's')}
     -- Ranges that overlap would stage a row twice.
     GROUP BY t._row`,
    [JSON.stringify(scanned.map(({ scope, after, upTo, at }) => ({ scope, after, upTo, at })))],
  )
  const [count = 0] = await countWhere(db, 'vanished', ['true'])
  if (count === 0) return 0
  const at = target.sequence === null ? 'v.at' : `greatest(v.at, t.${name(target.sequence)} + INTERVAL 1 MILLISECOND)`
  const copied = columns.map((column) => {
    const moves = column === softDelete.column || column === target.sequence
    return moves ? `${at} AS ${name(column)}` : `t.${name(column)}`
  })
  const staged = await db.run(
    `INSERT INTO ${staging} (${names([...columns, CONTENT_HASH])}, ${STAGING.partition}, ${STAGING.generation}, ${STAGING.order})
     SELECT ${copied.join(', ')}, '${DELETED}', '', 0,
       (SELECT coalesce(max(${STAGING.order}), -1) FROM ${staging}) + row_number() OVER ()
     FROM ${table} AS t JOIN vanished AS v ON t.rowid = v._row`,
  )
  assertCount(target.job, 'marked', count, staged.rowsChanged)
  return count
}

/** The state that the table holds of each key, unless it is deleted already: where it is, and what it is found by. */
function heldSql({ table, keys, sequence, scdType, softDelete }: Target): string {
  const { scope, range, column } = softDelete!
  const found = `rowid AS _row, ${names([...new Set([...keys, scope])])}, try_cast(${name(range)} AS UBIGINT) AS _place`
  const isThere = `${name(column)} IS NULL`
  switch (scdType) {
    case 'SCD_TYPE_1':
      return `SELECT ${found} FROM ${table} WHERE ${isThere}`
    case 'SCD_TYPE_2':
      return `SELECT ${found} FROM ${table} WHERE ${isThere} AND ${END_AT} IS NULL`
    case 'APPEND_ONLY': {
      const order = sequence === null ? 'rowid' : `${name(sequence)} DESC NULLS LAST, rowid DESC`
      const latest = `QUALIFY row_number() OVER (PARTITION BY ${names(keys)} ORDER BY ${order}) = 1`
      return `SELECT * FROM (SELECT ${found}, ${name(column)} FROM ${table} ${latest}) WHERE ${isThere}`
    }
  }
}
