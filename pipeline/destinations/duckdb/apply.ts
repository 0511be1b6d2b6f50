import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableChanges } from '../destination.ts'
import { ApplyCountError } from './apply_count_error.ts'
import { name, names, sameKey } from './sql.ts'
import { CONTENT_HASH, STAGING, type Target, writtenNames } from './target.ts'

/**
 * Applies the staged rows of a unit as SCD1: `fold` and `decide` of pipeline/sync/decide.ts as SQL.
 * Staged first, decided into a table of its own, then deleted and inserted: no statement reads what it writes,
 * and the counts of what was written must be those that were decided.
 */
export async function applyScd1(db: DuckDBConnection, target: Target): Promise<TableChanges> {
  await db.run(`CREATE OR REPLACE TEMP TABLE decided AS ${decideSql(target)}`)
  const counts = await db.runAndReadAll(
    `SELECT count(*) FILTER (decision = 'insert')::INTEGER, count(*) FILTER (decision IN ('update', 'replace'))::INTEGER FROM decided`,
  )
  const [inserted, updated] = counts.getRows()[0] as [number, number]
  if (updated > 0) {
    const deleted = await db.run(
      `DELETE FROM ${target.table} AS t USING decided AS d WHERE d.decision IN ('update', 'replace') AND ${sameKey(target.keys, 't', 'd')}`,
    )
    if (deleted.rowsChanged !== updated) throw new ApplyCountError(target.job, 'replaced', updated, deleted.rowsChanged)
  }
  if (inserted + updated > 0) {
    const written = await db.run(
      `INSERT INTO ${target.table} (${writtenNames(target)}) SELECT ${writtenNames(target, 's.')} FROM ${target.staging} AS s
       SEMI JOIN (SELECT ${STAGING.order} FROM decided WHERE decision NOT IN ('same', 'late')) AS d USING (${STAGING.order})`,
    )
    if (written.rowsChanged !== inserted + updated)
      throw new ApplyCountError(target.job, 'written', inserted + updated, written.rowsChanged)
  }
  return { inserted, updated, deleted: 0 }
}

/** Which staged row counts of each key, and what it does to the row held. Keys only: rows are wide, decisions are not. */
function decideSql(target: Target): string {
  const { keys, sequence, staging } = target
  const compared = [
    ...keys,
    ...(sequence === null || keys.includes(sequence) ? [] : [sequence]),
    CONTENT_HASH,
    STAGING.order,
  ]
  const bySequence = sequence === null ? '' : `${name(sequence)} DESC NULLS LAST, `
  return `
    SELECT ${names([...keys, STAGING.order], 's.')}, CASE
      WHEN t.${CONTENT_HASH} IS NULL THEN 'insert'
      WHEN t.${CONTENT_HASH} = s.${CONTENT_HASH} THEN 'same'
      ${sequence === null ? '' : sequenceCases(name(sequence))}
      ELSE 'replace' END AS decision
    FROM (
      SELECT ${names(compared)} FROM ${staging}
      QUALIFY row_number() OVER (PARTITION BY ${names(keys)} ORDER BY ${bySequence}${STAGING.order} DESC) = 1
    ) AS s
    LEFT JOIN ${target.table} AS t ON ${sameKey(keys, 't', 's')}`
}

function sequenceCases(sequence: string): string {
  return `WHEN s.${sequence} < t.${sequence} THEN 'late' WHEN s.${sequence} > t.${sequence} THEN 'update'`
}
