import type { DuckDBConnection } from '@duckdb/node-api'
import type { Schema } from 'apache-arrow'
import { duckDbColumns, toArrowSchema } from '../../../libs/schema/index.ts'
import type { SyncJob } from '../../sync/types.ts'
import { jobName } from '../destination.ts'
import { JobChangedError } from './job_changed_error.ts'
import { literal, name, names } from './sql.ts'
import { TargetIncompatibleError } from './target_incompatible_error.ts'

export const CONTENT_HASH = '_content_hash'

/** Columns that say how a row came, not what it is: a change in them alone is no new version. */
const NOT_CONTENT = new Set(['_rescued_data', '_raw'])

/** Staged beside the columns of the target: where a row came from and in which order. */
export const STAGING = { partition: '_partition', generation: '_generation', order: '_order' } as const

/** A job's tables in DuckDB: the target, and the temporary staging table that units are loaded into. */
export interface Target {
  job: string
  /** Quoted, with its schema. */
  table: string
  /** The temporary table's bare name, and how statements call it. */
  stagingName: string
  staging: string
  /** Columns of the Arrow batches, in order. */
  columns: string[]
  schema: Schema
  keys: string[]
  sequence: string | null
  /** Source columns the target was created with: what `_content_hash` covers. */
  hashed: string[]
  snapshot: boolean
}

/** Creates the target or adds the columns it lacks, remembers what its hash covers, and makes the staging table. */
export async function openTarget(
  db: DuckDBConnection,
  connection: string,
  job: SyncJob,
  index: number,
): Promise<Target> {
  const { schema: schemaName, table } = job.destination
  const quoted = `${name(schemaName)}.${name(table)}`
  const includeRaw = job.options.include_raw === true
  const columns = [
    ...duckDbColumns(job.table.schema, { includeRaw }),
    { name: CONTENT_HASH, type: 'VARCHAR', nullable: true },
  ]
  await db.run(`CREATE SCHEMA IF NOT EXISTS ${name(schemaName)}`)
  const definitions = columns.map(
    (column) => `${name(column.name)} ${column.type}${column.nullable ? '' : ' NOT NULL'}`,
  )
  await db.run(`CREATE TABLE IF NOT EXISTS ${quoted} (${definitions.join(', ')})`)
  await widenTarget(db, job, columns)
  await describeTarget(db, quoted, job)
  const stagingName = `parley_staging_${index}`
  const staged = columns.map((column) => `${name(column.name)} ${column.type}`)
  await db.run(
    `CREATE OR REPLACE TEMP TABLE ${stagingName} (${staged.join(', ')}, ${STAGING.partition} VARCHAR, ${STAGING.generation} BIGINT, ${STAGING.order} BIGINT)`,
  )
  const arrow = toArrowSchema(job.table.schema, { includeRaw })
  const sourceColumns = arrow.fields.map((field) => field.name).filter((column) => !NOT_CONTENT.has(column))
  return {
    job: jobName(job),
    table: quoted,
    stagingName,
    staging: `temp.main.${stagingName}`,
    columns: arrow.fields.map((field) => field.name),
    schema: arrow,
    keys: job.primaryKeys,
    sequence: job.sequenceBy,
    hashed: await rememberJob(db, connection, job, sourceColumns),
    snapshot: job.table.ingestionType === 'snapshot',
  }
}

/** The declaration's own words, for whoever looks at the table with another tool. */
async function describeTarget(db: DuckDBConnection, quoted: string, job: SyncJob): Promise<void> {
  const comments = [`COMMENT ON TABLE ${quoted} IS ${literal(job.table.description)}`]
  for (const [column, type] of Object.entries(job.table.schema.fields)) {
    if (type.description === undefined) continue
    comments.push(`COMMENT ON COLUMN ${quoted}.${name(column)} IS ${literal(type.description)}`)
  }
  await db.run(comments.join(';\n'))
}

/** Columns are only ever added, at the end and nullable. @throws TargetIncompatibleError where a type differs. */
async function widenTarget(
  db: DuckDBConnection,
  job: SyncJob,
  columns: readonly { name: string; type: string }[],
): Promise<void> {
  const { schema, table } = job.destination
  const existing = await db.runAndReadAll(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() AND lower(schema_name) = lower(${literal(schema)}) AND lower(table_name) = lower(${literal(table)})`,
  )
  const types = new Map(existing.getRows() as [string, string][])
  for (const column of columns) {
    const found = types.get(column.name)
    if (found === undefined)
      await db.run(`ALTER TABLE ${name(schema)}.${name(table)} ADD COLUMN ${name(column.name)} ${column.type}`)
    else if (comparable(found) !== comparable(column.type))
      throw new TargetIncompatibleError(jobName(job), column.name, found, column.type)
  }
}

/** DuckDB prints types its own way: long names, quotes only where needed. */
function comparable(type: string): string {
  return type
    .replaceAll('"', '')
    .replaceAll('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')
    .replaceAll(/\s/g, '')
    .toUpperCase()
}

async function rememberJob(
  db: DuckDBConnection,
  connection: string,
  job: SyncJob,
  columns: string[],
): Promise<string[]> {
  await db.run(
    `INSERT OR IGNORE INTO parley.jobs (connection, job, source_table, scd_type, primary_keys, hashed_columns, created_at) VALUES ($1, $2, $3, $4, $5, $6, now())`,
    [connection, jobName(job), job.table.name, job.scdType, JSON.stringify(job.primaryKeys), JSON.stringify(columns)],
  )
  const stored = await db.runAndReadAll(
    'SELECT hashed_columns, source_table, primary_keys FROM parley.jobs WHERE connection = $1 AND job = $2',
    [connection, jobName(job)],
  )
  const [hashedText, sourceTable, keys] = stored.getRows()[0] as [string, string, string]
  if (sourceTable !== job.table.name || keys !== JSON.stringify(job.primaryKeys)) {
    throw new JobChangedError(
      jobName(job),
      `${sourceTable} by ${keys}`,
      `${job.table.name} by ${JSON.stringify(job.primaryKeys)}`,
    )
  }
  const hashed = JSON.parse(hashedText) as string[]
  return hashed.filter((column) => columns.includes(column))
}

/** Every column that a staged row brings to the target. */
export function writtenColumns(target: Target): string[] {
  return [...target.columns, CONTENT_HASH]
}

export function writtenNames(target: Target, prefix = ''): string {
  return names(writtenColumns(target), prefix)
}
