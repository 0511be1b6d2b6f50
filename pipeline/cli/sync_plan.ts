import { resolveOptions } from '../../libs/connect/options.ts'
import type { SourceDefinition } from '../../libs/connect/source.ts'
import { type Environment, tableOptionsFromEnvironment } from '../spec/connection_environment.ts'
import { checkDestinations, checkReservedSchemas } from '../spec/destinations.ts'
import type { OnNotice } from '../spec/notice.ts'
import { checkSequences } from '../spec/sequences.ts'
import { SpecInvalidError } from '../spec/spec_invalid_error.ts'
import { startsAhead } from '../spec/starts_ahead.ts'
import { suggestRemedy } from '../spec/suggest.ts'
import type { PipelineSpec, TableJob } from '../spec/types.ts'
import type { SyncJob } from '../sync/types.ts'
import { findTable } from './load_source.ts'
import { UsageError } from './usage_error.ts'

/** The spec of a `sync` without a file: every table of the source, with its defaults. */
export function wholeSource(source: SourceDefinition, connectionName: string): PipelineSpec {
  const tables = source.tables.map(
    ({ name }): TableJob => ({
      sourceTable: name,
      destination: { table: name },
      scdType: 'SCD_TYPE_1',
      options: {},
      line: 0,
    }),
  )
  return { file: '', connectionName, tables }
}

/** Keeps the jobs of `--tables a,b`. @throws UsageError for a name that no job reads */
export function pickTables(spec: PipelineSpec, names: readonly string[] | undefined): PipelineSpec {
  if (names === undefined) return spec
  const known = [...new Set(spec.tables.map((job) => job.sourceTable))]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(
      `--tables names ${unknown}, which ${spec.file === '' ? 'the source does not have' : 'the spec does not read'}.`,
      suggestRemedy(unknown, known),
    )
  }
  return { ...spec, tables: spec.tables.filter((job) => names.includes(job.sourceTable)) }
}

/**
 * The jobs of a run into a local destination: schemas and keys filled in, options resolved.
 * @throws SpecInvalidError where two jobs differ by their catalog only, or one goes among the destination's own tables
 */
export function toSyncJobs(
  source: SourceDefinition,
  spec: PipelineSpec,
  onNotice: OnNotice,
  env: Environment = {},
): SyncJob[] {
  const locate = (job: TableJob) => ({ line: Math.max(job.line, 1), column: 1 })
  const problems = [
    ...checkDestinations(spec.tables, { defaultSchema: source.name, catalogs: false, locate }),
    ...checkReservedSchemas(spec.tables, locate),
    ...checkSequences(spec.tables, source.tables, locate),
  ]
  if (problems.length > 0) throw new SpecInvalidError(spec.file, problems)
  sayOnce(
    spec,
    (job) => job.destination.catalog !== undefined,
    'PARLEY_CATALOG_IGNORED',
    'A local destination has no catalogs; destination_catalog is for Databricks and does nothing here.',
    onNotice,
  )
  sayOnce(
    spec,
    (job) => job.clusterBy !== undefined,
    'PARLEY_CLUSTER_BY_IGNORED',
    'A local destination is not clustered; cluster_by is for Databricks and does nothing here.',
    onNotice,
  )
  const defaults = tableOptionsFromEnvironment(source.options, env)
  return spec.tables.map((job) =>
    toSyncJob(source, { ...job, options: { ...defaults, ...job.options } }, spec.file, onNotice),
  )
}

function toSyncJob(source: SourceDefinition, job: TableJob, file: string, onNotice: OnNotice): SyncJob {
  const table = findTable(source, job.sourceTable)
  const snapshot = table.ingestionType === 'snapshot'
  if (snapshot && job.sequenceBy !== undefined) {
    const message = `${table.name} is listed whole every time, so the time of the listing orders its versions; sequence_by does nothing.`
    onNotice({ code: 'PARLEY_SEQUENCE_IGNORED', message, file, line: job.line })
  }
  const options = resolveOptions(source.options, job.options, { scope: 'table', unknown: 'error' })
  for (const message of startsAhead(source.options, table, options, Date.now()))
    onNotice({ code: 'PARLEY_START_AHEAD', message, file, line: job.line })
  return {
    table,
    destination: { schema: job.destination.schema ?? source.name, table: job.destination.table },
    scdType: job.scdType,
    primaryKeys: job.primaryKeys ?? [...table.primaryKeys],
    sequenceBy: snapshot ? null : (job.sequenceBy ?? table.cursorField ?? null),
    options,
  }
}

function sayOnce(
  spec: PipelineSpec,
  has: (job: TableJob) => boolean,
  code: string,
  message: string,
  onNotice: OnNotice,
): void {
  const first = spec.tables.find(has)
  if (first !== undefined) onNotice({ code, message, file: spec.file, line: first.line })
}
