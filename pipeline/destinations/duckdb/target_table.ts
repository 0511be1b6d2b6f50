import type { DuckDBConnection } from '@duckdb/node-api'
import type { SyncJob } from '../../sync/types.ts'
import { jobName } from '../destination.ts'
import { literal, name } from './sql.ts'
import { TargetIncompatibleError } from './target_incompatible_error.ts'

export interface TargetColumn {
  name: string
  type: string
  nullable: boolean
}

/** Columns that Parley adds: what a table has of them tells how its rows are kept. */
const OWN = ['_content_hash', '__START_AT', '__END_AT']

/**
 * Creates the table with its columns, or adds those it lacks at the end, nullable. Columns that it has beside them stay.
 *
 * @param held columns that the rows' hash covers, which the table has had: added again they would stay empty
 * @returns its quoted name
 * @throws TargetIncompatibleError where a type differs, or rows are kept in another way
 */
export async function createTargetTable(
  db: DuckDBConnection,
  job: SyncJob,
  columns: readonly TargetColumn[],
  held: readonly string[],
): Promise<string> {
  const { schema, table } = job.destination
  const quoted = `${name(schema)}.${name(table)}`
  const existing = await columnsOf(db, schema, table)
  if (existing.size === 0) {
    const definitions = columns.map(
      (column) => `${name(column.name)} ${column.type}${column.nullable ? '' : ' NOT NULL'}`,
    )
    await db.run(`CREATE SCHEMA IF NOT EXISTS ${name(schema)}`)
    await db.run(`CREATE TABLE ${quoted} (${definitions.join(', ')})`)
  } else {
    checkColumns(jobName(job), existing, columns)
    const dropped = held.find((column) => !existing.has(column.toLowerCase()))
    if (dropped !== undefined) throw new TargetIncompatibleError(jobName(job), dropped, 'dropped', 'what it held')
    for (const column of columns.filter((one) => !existing.has(one.name.toLowerCase())))
      await db.run(`ALTER TABLE ${quoted} ADD COLUMN ${name(column.name)} ${column.type}`)
  }
  await describeTable(db, quoted, job)
  return quoted
}

/** Types by the names in lower case: DuckDB takes names that differ in letters for the same. */
async function columnsOf(db: DuckDBConnection, schema: string, table: string): Promise<Map<string, string>> {
  const found = await db.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() AND lower(schema_name) = lower(${literal(schema)}) AND lower(table_name) = lower(${literal(table)})`,
  )
  return new Map((found.getRows() as [string, string][]).map(([column, type]) => [column.toLowerCase(), type]))
}

function checkColumns(job: string, existing: ReadonlyMap<string, string>, columns: readonly TargetColumn[]): void {
  const wanted = new Map(columns.map((column) => [column.name, column.type]))
  for (const own of OWN) {
    const [found, needed] = [existing.get(own.toLowerCase()), wanted.get(own)]
    if ((found === undefined) !== (needed === undefined))
      throw new TargetIncompatibleError(job, own, found ?? 'absent', needed ?? 'none of that name')
  }
  for (const [column, type] of wanted) {
    const found = existing.get(column.toLowerCase())
    if (found !== undefined && comparable(found) !== comparable(type))
      throw new TargetIncompatibleError(job, column, found, type)
  }
}

/** DuckDB prints types its own way: long names, quotes only where needed. */
export function comparable(type: string): string {
  return type
    .replaceAll('"', '')
    .replaceAll('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')
    .replaceAll(/\s/g, '')
    .toUpperCase()
}

/** The declaration's own words, for whoever looks at the table with another tool. */
async function describeTable(db: DuckDBConnection, quoted: string, job: SyncJob): Promise<void> {
  const comments = [`COMMENT ON TABLE ${quoted} IS ${literal(job.table.description)}`]
  const comment = (column: string, text: string) =>
    comments.push(`COMMENT ON COLUMN ${quoted}.${name(column)} IS ${literal(text)}`)
  for (const [column, type] of Object.entries(job.table.schema.fields))
    if (type.description !== undefined) comment(column, type.description)
  if (job.scdType === 'SCD_TYPE_2') {
    comment('__START_AT', 'The sequence from which on this version holds.')
    comment('__END_AT', 'The sequence from which on it does not hold any more; null: it still does.')
  }
  await db.run(comments.join(';\n'))
}
