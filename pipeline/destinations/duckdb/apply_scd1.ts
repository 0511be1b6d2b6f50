import type { DuckDBConnection } from '@duckdb/node-api'
import { assertCount, countWhere } from './apply_counts.ts'
import { name, names, sameKey } from './sql.ts'
import { CONTENT_HASH, STAGING, stagedSequence, type Target, writtenNames } from './target.ts'

const REPLACED = `_decision IN ('update', 'replace')`

/** SCD1: the latest state of each key. `inserted` are new keys, `updated` keys whose row was replaced. */
export async function applyScd1(db: DuckDBConnection, target: Target): Promise<{ inserted: number; updated: number }> {
  await db.run(`CREATE OR REPLACE TEMP TABLE decided AS ${decideSql(target)}`)
  const [inserted, updated] = await countWhere(db, 'decided', [`_decision = 'insert'`, REPLACED])
  if (updated > 0) {
    const deleted = await db.run(
      `DELETE FROM ${target.table} AS t USING decided AS d WHERE d.${REPLACED} AND ${sameKey(target.keys, 't', 'd')}`,
    )
    assertCount(target.job, 'replaced', updated, deleted.rowsChanged)
  }
  if (inserted + updated > 0) {
    const written = await db.run(
      `INSERT INTO ${target.table} (${writtenNames(target)}) SELECT ${writtenNames(target, 's.')} FROM ${target.staging} AS s
       SEMI JOIN (SELECT ${STAGING.order} FROM decided WHERE _decision NOT IN ('same', 'late')) AS d USING (${STAGING.order})`,
    )
    assertCount(target.job, 'written', inserted + updated, written.rowsChanged)
  }
  return { inserted, updated }
}

/** Which staged row counts of each key, and what it does to the row held. Keys only: rows are wide, decisions are not. */
function decideSql(target: Target): string {
  const { keys, sequence, staging } = target
  const held = names([...new Set([...keys, ...(sequence === null ? [] : [sequence]), CONTENT_HASH])])
  return `
    SELECT ${names([...keys, STAGING.order], 's.')}, CASE
      WHEN t._held IS NULL THEN 'insert'
      WHEN t.${CONTENT_HASH} = s.${CONTENT_HASH} THEN 'same'
      ${sequence === null ? '' : sequenceCases(name(sequence))}
      ELSE 'replace' END AS _decision
    FROM (
      SELECT ${names([...keys, CONTENT_HASH, STAGING.order])}, ${stagedSequence(target)} AS _at FROM ${staging}
      QUALIFY row_number() OVER (PARTITION BY ${names(keys)} ORDER BY _at DESC NULLS LAST, ${STAGING.order} DESC) = 1
    ) AS s
    LEFT JOIN (SELECT ${held}, true AS _held FROM ${target.table}) AS t ON ${sameKey(keys, 't', 's')}`
}

/** A held row without a sequence, as every one of a snapshot, is older than any other: the same is written either way. */
function sequenceCases(sequence: string): string {
  return `WHEN s._at < t.${sequence} THEN 'late' WHEN s._at > t.${sequence} THEN 'update'`
}
