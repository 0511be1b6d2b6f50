import type { DuckDBConnection } from '@duckdb/node-api'
import type { SyncJob } from '../../sync/types.ts'
import { jobName } from '../destination.ts'
import { JobChangedError } from './job_changed_error.ts'
import { StateCorruptError } from './state_corrupt_error.ts'
import { TargetIncompatibleError } from './target_incompatible_error.ts'

interface JobLine {
  connection: string
  source_table: string
  scd_type: string
  primary_keys: string
  sequence_by: string | null
  hashed_columns: string
}

/**
 * Remembers what a table is filled with and how, and that it stays so, whichever connection fills it.
 *
 * @param columns what a new table's `_content_hash` covers, and all source columns: a table made when one was not
 *   volatile yet covers it still
 * @returns `hashed`, the columns it covers: those the table was created with, so that a column added later makes no
 *   versions; `held`, the columns that somebody's hashes cover by now
 * @throws JobChangedError, and TargetIncompatibleError for a column in the hash that the source has no more
 */
export async function claimTarget(
  db: DuckDBConnection,
  connection: string,
  job: SyncJob,
  columns: { covered: readonly string[]; all: readonly string[] },
): Promise<{ hashed: string[]; held: string[] }> {
  const wanted: JobLine = {
    connection,
    source_table: job.table.name,
    scd_type: job.scdType,
    primary_keys: JSON.stringify(job.primaryKeys),
    sequence_by: job.sequenceBy,
    hashed_columns: JSON.stringify(columns.covered),
  }
  const before = await linesOf(db, job)
  await db.run(
    `INSERT OR IGNORE INTO parley.jobs (connection, job, source_table, scd_type, primary_keys, sequence_by, hashed_columns, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now())`,
    [
      connection,
      jobName(job),
      wanted.source_table,
      wanted.scd_type,
      wanted.primary_keys,
      wanted.sequence_by,
      wanted.hashed_columns,
    ],
  )
  for (const line of before)
    if (isChanged(line, wanted)) throw new JobChangedError(jobName(job), describe(line), describe(wanted))
  const own = before.find((line) => line.connection === connection) ?? wanted
  return {
    hashed: hashedColumns(jobName(job), own, columns.all),
    held: before.flatMap((line) => parseNames(jobName(job), line.hashed_columns)),
  }
}

/** Everybody's claims on a table, whose name in other letters is the same. */
async function linesOf(db: DuckDBConnection, job: SyncJob): Promise<JobLine[]> {
  const held = await db.runAndReadAll(
    'SELECT connection, source_table, scd_type, primary_keys, sequence_by, hashed_columns FROM parley.jobs WHERE lower(job) = lower($1) ORDER BY created_at, connection',
    [jobName(job)],
  )
  return held.getRowObjects() as unknown as JobLine[]
}

/** History that began in one order cannot go on in another; where only the latest state is held it may. */
function isChanged(held: JobLine, wanted: JobLine): boolean {
  const isHistory = held.scd_type === 'SCD_TYPE_2' && held.sequence_by !== wanted.sequence_by
  return (
    held.source_table !== wanted.source_table ||
    held.primary_keys !== wanted.primary_keys ||
    held.scd_type !== wanted.scd_type ||
    isHistory
  )
}

function describe({ source_table, primary_keys, scd_type, sequence_by }: JobLine): string {
  const order = scd_type === 'SCD_TYPE_2' && sequence_by !== null ? ` in the order of ${sequence_by}` : ''
  return `${source_table} by ${primary_keys} as ${scd_type}${order}`
}

function hashedColumns(job: string, line: JobLine, columns: readonly string[]): string[] {
  const hashed = parseNames(job, line.hashed_columns)
  const lost = hashed.find((column) => !columns.includes(column))
  // Without it every row would have another hash, and so a version that never was.
  if (lost !== undefined) throw new TargetIncompatibleError(job, lost, 'part of its rows’ hash', 'no such column')
  return hashed
}

function parseNames(job: string, text: string): string[] {
  try {
    const names: unknown = JSON.parse(text)
    if (Array.isArray(names) && names.every((one) => typeof one === 'string')) return names
  } catch {
    // Said below, as for other JSON that is no list of names.
  }
  throw new StateCorruptError(`the hashed_columns of ${job} in parley.jobs are no list of names`)
}
