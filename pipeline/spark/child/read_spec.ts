import type { JsonObject } from '../../../libs/connect/json.ts'
import type { Closable, SourceDefinition } from '../../../libs/connect/source.ts'
import { parsePipelineSpec } from '../../spec/pipeline_spec.ts'
import { checkSequences } from '../../spec/sequences.ts'
import { SPARK_OPTIONS } from '../../spec/spark_options.ts'
import { SpecInvalidError } from '../../spec/spec_invalid_error.ts'
import type { TableJob } from '../../spec/types.ts'
import { describeTarget } from './describe_table.ts'
import { findTable } from './table_access.ts'

/** How messages name a spec that was no file. */
const NAME = 'pipeline_spec'

/**
 * Checks a pipeline spec that Python has as a dictionary, and fills in what it leaves out.
 * @throws SpecInvalidError with every problem; lines are those of the spec as JSON, two spaces a level
 */
export function readSpec<C extends Closable>(source: SourceDefinition<C>, spec: JsonObject): JsonObject {
  const notices: string[] = []
  const text = JSON.stringify(spec, null, 2)
  const parsed = parsePipelineSpec(text, NAME, {
    source: { ...(source as unknown as SourceDefinition), options: { ...SPARK_OPTIONS, ...source.options } },
    onNotice: ({ message }) => notices.push(message),
  })
  const locate = ({ line }: TableJob) => ({ line: Math.max(line, 1), column: 1 })
  const problems = checkSequences(parsed.tables, source.tables, locate)
  if (problems.length > 0) throw new SpecInvalidError(NAME, problems)
  return {
    connection_name: parsed.connectionName,
    notices,
    tables: parsed.tables.map((job) => describeJob(source, job)),
  }
}

function describeJob<C extends Closable>(source: SourceDefinition<C>, job: TableJob): JsonObject {
  const target = describeTarget(findTable(source, job.sourceTable, job.options))
  const { catalog = null, schema = null, table } = job.destination
  const isSnapshot = target.ingestion_type === 'snapshot'
  return {
    ...target,
    destination: { catalog, schema, table },
    scd_type: job.scdType,
    primary_keys: job.primaryKeys ?? target.primary_keys!,
    table_keys: target.primary_keys!,
    // A snapshot is listed whole every time: the time of the listing orders its versions.
    sequence_by: isSnapshot ? null : (job.sequenceBy ?? target.cursor_field!),
    cluster_by: job.clusterBy ?? [],
    options: job.options,
  }
}
