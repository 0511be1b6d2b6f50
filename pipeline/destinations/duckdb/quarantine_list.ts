import type { DuckDBConnection } from '@duckdb/node-api'
import { hasState, query } from './state_admin.ts'

/** Rows without a usable key that were kept aside, by table and reason. */
export interface QuarantineCount {
  connection: string
  table: string
  code: string
  rows: number
  /** ISO 8601, UTC: the first and the last of them. */
  first_at: string
  last_at: string
}

/** One row that was kept aside. */
export interface QuarantineRow {
  connection: string
  table: string
  partition: string
  code: string
  message: string
  quarantined_at: string
  /** The row as JSON text: what the API sent, with the columns that Parley adds. */
  row: string
}

const iso = (column: string) => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`

/** What to look for; absent: everything. */
export interface QuarantineFilter {
  connection?: string
  /** By their name in the destination, or in the source. */
  tables?: readonly string[]
}

/** Parameters $1 and $2 of a filter. */
const FILTER = `($1 IS NULL OR connection = $1) AND ($2 IS NULL OR list_has_any(from_json($2::JSON, '["VARCHAR"]'),
  [job, job[strpos(job, '.') + 1:], (SELECT any_value(source_table) FROM parley.jobs AS j WHERE j.connection = q.connection AND j.job = q.job)]))`

const valuesOf = ({ connection, tables }: QuarantineFilter) => [
  connection ?? null,
  tables === undefined ? null : JSON.stringify(tables),
]

export async function countQuarantine(db: DuckDBConnection, filter: QuarantineFilter): Promise<QuarantineCount[]> {
  if (!(await hasState(db))) return []
  return query<QuarantineCount>(
    db,
    `SELECT connection, job AS "table", code, count(*)::INTEGER AS "rows", ${iso('min(quarantined_at)')} AS first_at, ${iso('max(quarantined_at)')} AS last_at
     FROM parley.quarantine AS q WHERE ${FILTER} GROUP BY connection, job, code ORDER BY ALL`,
    valuesOf(filter),
  )
}

/** The newest first. @param limit rows at most */
export async function readQuarantine(
  db: DuckDBConnection,
  filter: QuarantineFilter,
  limit: number,
): Promise<QuarantineRow[]> {
  if (!(await hasState(db))) return []
  return query<QuarantineRow>(
    db,
    `SELECT connection, job AS "table", "partition", code, message, ${iso('q.quarantined_at')} AS quarantined_at, "row"
     FROM parley.quarantine AS q WHERE ${FILTER} ORDER BY q.quarantined_at DESC, row_hash LIMIT ${limit}`,
    valuesOf(filter),
  )
}
