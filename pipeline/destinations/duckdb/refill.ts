import type { DuckDBConnection } from '@duckdb/node-api'
import { volatileParts } from '../../../libs/schema/index.ts'
import { name, names, sameKey } from './sql.ts'
import { CONTENT_HASH, END_AT, STAGING, START_AT, stagedSequence, type Target } from './target.ts'

/**
 * `--full`: rows that are held as they were read get, in place, what their hash does not cover: columns that were added
 * after the table was made, volatile ones, `_raw`, `_rescued_data`. No version begins or ends. In a history it is the open version that
 * a row fills, or the one that begins at its sequence: what is known today need not have been true before.
 *
 * @returns the rows in which anything changed
 */
export async function refill(db: DuckDBConnection, target: Target): Promise<number> {
  const whole = target.hashed.filter((column) => isWhole(target, column))
  // Since when a row is as it is does not change by reading it again.
  const covered = new Set([...whole, ...target.keys, ...(target.sequence === null ? [] : [target.sequence])])
  const filled = target.columns.filter((column) => !covered.has(column))
  const identity = [...target.keys, CONTENT_HASH]
  const isHistory = target.scdType === 'SCD_TYPE_2'
  const result = await db.run(
    `UPDATE ${target.table} AS t SET ${filled.map((column) => `${name(column)} = s.${name(column)}`).join(', ')}
     FROM (
       SELECT ${names([...identity, ...filled])}, ${stagedSequence(target)} AS _at FROM ${target.staging}
       QUALIFY row_number() OVER (PARTITION BY ${names(identity)} ORDER BY _at DESC NULLS LAST, ${STAGING.order} DESC) = 1
     ) AS s
     WHERE ${sameKey(identity, 't', 's')} ${isHistory ? `AND (t.${END_AT} IS NULL OR t.${START_AT} = s._at)` : ''}
       AND (${filled.map((column) => `t.${name(column)} IS DISTINCT FROM s.${name(column)}`).join(' OR ')})`,
  )
  return result.rowsChanged
}

/** The hash covers all of the column: nothing below it is volatile. */
function isWhole({ hashedTypes }: Target, column: string): boolean {
  return !Object.hasOwn(hashedTypes, column) || volatileParts(hashedTypes[column]!).length === 0
}
