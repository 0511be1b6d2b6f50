import type { DuckDBConnection } from '@duckdb/node-api'
import type { Schema } from 'apache-arrow'
import type { SoftDelete } from '../../../libs/connect/table.ts'
import { duckDbColumns, duckDbType, type Fields, toArrowSchema } from '../../../libs/schema/index.ts'
import type { ScdType } from '../../spec/types.ts'
import type { SyncJob } from '../../sync/types.ts'
import { jobName } from '../destination.ts'
import { name, names } from './sql.ts'
import { claimTarget } from './target_claim.ts'
import { createTargetTable, type TargetColumn } from './target_table.ts'

export const CONTENT_HASH = '_content_hash'

/** When a version begins and ends, in SCD2: of the type of the sequence. */
export const START_AT = '__START_AT'
export const END_AT = '__END_AT'

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
  scdType: ScdType
  /** Columns of the Arrow batches, in order. */
  columns: string[]
  schema: Schema
  keys: string[]
  /** The column that orders a row's versions; null in snapshots, where the generation does, and where a table has none. */
  sequence: string | null
  /** Source columns the target was created with: what `_content_hash` covers. */
  hashed: string[]
  /** Their declarations, which say what in them is volatile. One that the table covers although it is volatile now has none here. */
  hashedTypes: Fields
  /** Declarations of all columns. */
  fields: Fields
  snapshot: boolean
  softDelete: SoftDelete | undefined
}

/** Creates the target or adds the columns it lacks, remembers what its hash covers, and makes the staging table. */
export async function openTarget(
  db: DuckDBConnection,
  connection: string,
  job: SyncJob,
  index: number,
): Promise<Target> {
  const includeRaw = job.options.include_raw === true
  const schema = toArrowSchema(job.table.schema, { includeRaw })
  const columns = schema.fields.map((field) => field.name)
  const snapshot = job.table.ingestionType === 'snapshot'
  const { fields } = job.table.schema
  const all = columns.filter((column) => !NOT_CONTENT.has(column))
  const covered = all.filter((column) => !fields[column]!.isVolatile)
  const claim = { ...job, sequenceBy: snapshot ? null : job.sequenceBy }
  const { hashed, held } = await claimTarget(db, connection, claim, { covered, all })
  const staged: TargetColumn[] = [
    ...duckDbColumns(job.table.schema, { includeRaw }),
    { name: CONTENT_HASH, type: 'VARCHAR', nullable: true },
  ]
  const wanted = [...staged, ...historyColumns(job, snapshot)]
  const table = await createTargetTable(db, job, wanted, held)
  const stagingName = `parley_staging_${index}`
  const definitions = staged.map((column) => `${name(column.name)} ${column.type}`)
  await db.run(
    `CREATE OR REPLACE TEMP TABLE ${stagingName} (${definitions.join(', ')}, ${STAGING.partition} VARCHAR, ${STAGING.generation} BIGINT, ${STAGING.order} BIGINT)`,
  )
  return {
    job: jobName(job),
    table,
    stagingName,
    staging: `temp.main.${stagingName}`,
    scdType: job.scdType,
    columns,
    schema,
    keys: job.primaryKeys,
    sequence: snapshot ? null : job.sequenceBy,
    hashed,
    hashedTypes: Object.fromEntries(
      hashed.filter((column) => covered.includes(column)).map((column) => [column, fields[column]!]),
    ),
    fields,
    snapshot,
    softDelete: job.table.softDelete,
  }
}

function historyColumns({ scdType, sequenceBy, table }: SyncJob, snapshot: boolean): TargetColumn[] {
  if (scdType !== 'SCD_TYPE_2') return []
  const sequence = snapshot || sequenceBy === null ? undefined : table.schema.fields[sequenceBy]
  const type = sequence === undefined ? 'TIMESTAMPTZ' : duckDbType(sequence)
  return [START_AT, END_AT].map((column) => ({ name: column, type, nullable: true }))
}

/** The sequence of a staged row as SQL; of a snapshot's row its generation, which is epoch ms. */
export function stagedSequence({ sequence, snapshot }: Target, prefix = ''): string {
  if (snapshot) return `make_timestamptz(${prefix}${STAGING.generation} * 1000)`
  return sequence === null ? 'NULL::TIMESTAMPTZ' : prefix + name(sequence)
}

/** Every column that a staged row brings to the target, quoted. */
export function writtenNames(target: Target, prefix = ''): string {
  return names([...target.columns, CONTENT_HASH], prefix)
}
