import type { DuckDBConnection } from '@duckdb/node-api'
import { assertCount, countWhere } from './apply_counts.ts'
import { names, sameKey } from './sql.ts'
import { CONTENT_HASH, STAGING, stagedSequence, type Target, writtenNames } from './target.ts'

/** Append: one row of each key and content. Nothing that is held ever changes or goes. */
export async function applyAppend(
  db: DuckDBConnection,
  target: Target,
): Promise<{ inserted: number; updated: number }> {
  const identity = [...target.keys, CONTENT_HASH]
  await db.run(
    `CREATE OR REPLACE TEMP TABLE decided AS
     SELECT s.${STAGING.order} FROM (
       SELECT ${names([...identity, STAGING.order])} FROM ${target.staging}
       QUALIFY row_number() OVER (PARTITION BY ${names(identity)} ORDER BY ${stagedSequence(target)} NULLS FIRST, ${STAGING.order}) = 1
     ) AS s
     ANTI JOIN (SELECT ${names(identity)} FROM ${target.table}) AS t ON ${sameKey(identity, 't', 's')}`,
  )
  const [inserted] = await countWhere(db, 'decided', ['true'])
  if (inserted > 0) {
    const written = await db.run(
      `INSERT INTO ${target.table} (${writtenNames(target)}) SELECT ${writtenNames(target, 's.')} FROM ${target.staging} AS s
       SEMI JOIN decided AS d USING (${STAGING.order})`,
    )
    assertCount(target.job, 'written', inserted, written.rowsChanged)
  }
  return { inserted, updated: 0 }
}
