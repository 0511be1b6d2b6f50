import type { DuckDBConnection } from '@duckdb/node-api'
import { type ColumnType, volatileParts } from '../../../libs/schema/index.ts'
import { name, names, sameKey } from './sql.ts'
import { CONTENT_HASH, END_AT, STAGING, START_AT, stagedSequence, type Target } from './target.ts'

/**
 * `--full`, and pages that bring what held rows may lack: rows that are held as they were read get, in place, what their hash does not cover: columns that were added
 * after the table was made, volatile ones, `_raw`, `_rescued_data`. No version begins or ends. In a history it is the open version that
 * a row fills, or the one that begins at its sequence: what is known today need not have been true before. What is volatile and was not
 * shown this time, stays: who reacted, where nobody asked, or the name of an emoji that was deleted.
 *
 * @returns the rows in which anything changed
 */
export async function refill(db: DuckDBConnection, target: Target): Promise<number> {
  const whole = target.hashed.filter((column) => isWhole(target, column))
  // Since when a row is as it is does not change by reading it again.
  const covered = new Set([...whole, ...target.keys, ...(target.sequence === null ? [] : [target.sequence])])
  const filled = target.columns.filter((column) => !covered.has(column))
  const identity = [...target.keys, CONTENT_HASH]
  const fill = new Map(
    filled.map((column) => [column, kept(target.fields[column], `s.${name(column)}`, `t.${name(column)}`)]),
  )
  const isHistory = target.scdType === 'SCD_TYPE_2'
  const result = await db.run(
    `UPDATE ${target.table} AS t SET ${filled.map((column) => `${name(column)} = ${fill.get(column)}`).join(', ')}
     FROM (
       SELECT ${names([...identity, ...filled])}, ${stagedSequence(target)} AS _at FROM ${target.staging}
       QUALIFY row_number() OVER (PARTITION BY ${names(identity)} ORDER BY _at DESC NULLS LAST, ${STAGING.order} DESC) = 1
     ) AS s
     WHERE ${sameKey(identity, 't', 's')} ${isHistory ? `AND (t.${END_AT} IS NULL OR t.${START_AT} = s._at)` : ''}
       AND (${filled.map((column) => `t.${name(column)} IS DISTINCT FROM ${fill.get(column)}`).join(' OR ')})`,
  )
  return result.rowsChanged
}

/** What a column becomes: as it was read now, but for volatile parts that are absent now. */
function kept(type: ColumnType | undefined, now: string, held: string): string {
  if (type === undefined) return now
  if (type.isVolatile) return `coalesce(${now}, ${held})`
  if (type.kind !== 'struct' || volatileParts(type).length === 0) return now
  const parts = Object.entries(type.fields).map(
    ([field, inner]) => `${name(field)} := ${kept(inner, `${now}.${name(field)}`, `${held}.${name(field)}`)}`,
  )
  return `CASE WHEN ${now} IS NULL OR ${held} IS NULL THEN coalesce(${now}, ${held}) ELSE struct_pack(${parts.join(', ')}) END`
}

/** The hash covers all of the column: nothing below it is volatile. */
function isWhole({ hashedTypes }: Target, column: string): boolean {
  return !Object.hasOwn(hashedTypes, column) || volatileParts(hashedTypes[column]!).length === 0
}
