import type { DuckDBConnection } from '@duckdb/node-api'
import { assertCount, countWhere } from './apply_counts.ts'
import { decideScd2Sql } from './decide_scd2_sql.ts'
import { sameKey } from './sql.ts'
import { END_AT, STAGING, START_AT, type Target, writtenNames } from './target.ts'

/**
 * SCD2: every version of each key. `inserted` are versions of keys that had no open one, `updated` every other version
 * that was written: later ones, ones between two others, ones that took another's place. That the version before one
 * ends with it is not counted.
 */
export async function applyScd2(db: DuckDBConnection, target: Target): Promise<{ inserted: number; updated: number }> {
  await db.run(`CREATE OR REPLACE TEMP TABLE decided AS ${decideScd2Sql(target)}`)
  const [inserted, later, replaced, ended] = await countWhere(db, 'decided', [
    `_decision = 'insert'`,
    `_decision = 'update'`,
    `_decision = 'replace'`,
    `_decision = 'end'`,
  ])
  const { job, table, keys } = target
  const version = `${sameKey(keys, 't', 'd')} AND t.${START_AT} IS NOT DISTINCT FROM d._at`
  if (ended > 0) {
    const moved = await db.run(
      `UPDATE ${table} AS t SET ${END_AT} = d._end FROM decided AS d WHERE d._decision = 'end' AND ${version}`,
    )
    assertCount(job, 'ended', ended, moved.rowsChanged)
  }
  if (replaced > 0) {
    const deleted = await db.run(
      `DELETE FROM ${table} AS t USING decided AS d WHERE d._decision = 'replace' AND ${version}`,
    )
    assertCount(job, 'replaced', replaced, deleted.rowsChanged)
  }
  const updated = later + replaced
  if (inserted + updated > 0) {
    const written = await db.run(
      `INSERT INTO ${table} (${writtenNames(target)}, ${START_AT}, ${END_AT})
       SELECT ${writtenNames(target, 's.')}, d._at, d._end FROM ${target.staging} AS s
       JOIN (SELECT ${STAGING.order}, _at, _end FROM decided WHERE _decision <> 'end') AS d USING (${STAGING.order})`,
    )
    assertCount(job, 'written', inserted + updated, written.rowsChanged)
  }
  return { inserted, updated }
}
