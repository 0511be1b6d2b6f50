import { join } from 'node:path'
import { query } from '../support/query.ts'
import type { SparkDriver } from './spark_driver.ts'

/** A table that both engines hold, and its columns that say when a read was: those differ from engine to engine. */
export interface HeldTable {
  name: string
  without: readonly string[]
}

/** Rows that only one of the two holds, `duckdb` or `spark`, as JSON; the DuckDB file compares, whole rows with all that is nested in them. */
export async function differences(
  database: string,
  driver: SparkDriver,
  schema: string,
  { name, without }: HeldTable,
): Promise<string[]> {
  const folder = join(database, '..', `${name}.parquet`)
  await driver.export(`${schema}.${name}`, folder)
  const columns = without.length === 0 ? '*' : `* EXCLUDE (${without.join(', ')})`
  const duckdb = `SELECT ${columns} FROM "${schema}"."${name}"`
  const spark = `SELECT ${columns} FROM read_parquet('${folder}/*.parquet')`
  const only = (here: string, there: string, who: string) =>
    `SELECT '${who} ' || to_json(x)::VARCHAR AS row FROM (FROM (${here}) EXCEPT ALL FROM (${there})) AS x`
  const rows = await query<{ row: string }>(
    database,
    `${only(duckdb, spark, 'duckdb')} UNION ALL ${only(spark, duckdb, 'spark')} ORDER BY row`,
  )
  return rows.map(({ row }) => row)
}
