import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { TableDefinition } from '../../libs/connect/table.ts'
import { checkOptions } from './check_options.ts'
import { parseColumns } from './columns.ts'
import type { OnNotice } from './notice.ts'
import { toOptionTexts } from './option_text.ts'
import type { SpecRules } from './pipeline_spec.ts'
import type { SpecProblem } from './spec_invalid_error.ts'
import { suggestRemedy } from './suggest.ts'
import type { ScdType, TableJob } from './types.ts'
import type { YamlDocument } from './yaml_document.ts'
import { escapePointer } from './yaml_positions.ts'

/** One `table` entry after `checkShape`. */
export interface RawTable {
  source_table: string
  destination_catalog?: string | null
  destination_schema?: string | null
  destination_table?: string | null
  table_configuration?: Record<string, unknown> | null
}

export interface TableJobContext {
  document: YamlDocument
  file: string
  source: SourceDefinition
  otherEngine: SpecRules['otherEngine']
  problems: SpecProblem[]
  onNotice: OnNotice
}

/** Builds the job of `objects[index]`; what is wrong with it goes to `context.problems`. */
export function toTableJob(raw: RawTable, index: number, context: TableJobContext): TableJob {
  const { scd_type, primary_keys, sequence_by, cluster_by, ...rest } = raw.table_configuration ?? {}
  const pointer = `/objects/${index}/table`
  const primaryKeys = parseColumns(primary_keys)
  const clusterBy = parseColumns(cluster_by)
  const job: TableJob = {
    sourceTable: raw.source_table.trim(),
    destination: {
      ...(raw.destination_catalog ? { catalog: raw.destination_catalog.trim() } : {}),
      ...(raw.destination_schema ? { schema: raw.destination_schema.trim() } : {}),
      table: (raw.destination_table ?? raw.source_table).trim(),
    },
    scdType: (typeof scd_type === 'string' ? scd_type.toUpperCase() : 'SCD_TYPE_1') as ScdType,
    ...(primaryKeys === undefined ? {} : { primaryKeys }),
    ...(typeof sequence_by === 'string' ? { sequenceBy: sequence_by.trim() } : {}),
    ...(clusterBy === undefined ? {} : { clusterBy }),
    options: ownOptions(toOptionTexts(rest), pointer, context),
    line: context.document.locate(pointer, 'key').line,
  }
  checkTable(job, pointer, context)
  return job
}

/** Without those that only another engine has. */
function ownOptions(
  options: Record<string, string>,
  pointer: string,
  context: TableJobContext,
): Record<string, string> {
  const { source, otherEngine } = context
  const isOther = (key: string): boolean => {
    const name = key.toLowerCase()
    if (otherEngine === undefined || !(name in otherEngine.options) || name in source.options) return false
    ignoredNotice(key, `${name} is for ${otherEngine.name} and does nothing here.`, pointer, context)
    return true
  }
  return Object.fromEntries(Object.entries(options).filter(([key]) => !isOther(key)))
}

function checkTable(job: TableJob, pointer: string, context: TableJobContext): void {
  const { document, source, problems } = context
  const table = source.tables.find((candidate) => candidate.name === job.sourceTable)
  if (table === undefined) {
    problems.push({
      position: document.locate(`${pointer}/source_table`),
      message: `${source.name} has no table ${job.sourceTable}.`,
      remedy: suggestRemedy(
        job.sourceTable,
        source.tables.map((candidate) => candidate.name),
      ),
    })
  } else checkColumns(job, table, pointer, context)
  for (const problem of checkOptions(source, job.options, (key, sentence) =>
    ignoredNotice(key, sentence, pointer, context),
  )) {
    const at = problem.key === null ? pointer : `${pointer}/table_configuration/${escapePointer(problem.key)}`
    problems.push({ position: document.locate(at, 'key'), message: problem.message, remedy: problem.remedy })
  }
}

function ignoredNotice(
  key: string,
  sentence: string,
  pointer: string,
  { document, file, onNotice }: TableJobContext,
): void {
  const { line } = document.locate(`${pointer}/table_configuration/${escapePointer(key)}`, 'key')
  onNotice({ code: 'PARLEY_OPTION_IGNORED', message: sentence, file, line })
}

function checkColumns(
  job: TableJob,
  table: TableDefinition,
  pointer: string,
  { document, problems }: TableJobContext,
): void {
  const columns = Object.keys(table.schema.fields)
  const settings: [string, string[] | undefined][] = [
    ['primary_keys', job.primaryKeys],
    ['sequence_by', job.sequenceBy === undefined ? undefined : [job.sequenceBy]],
    ['cluster_by', job.clusterBy],
  ]
  for (const [setting, names] of settings) {
    const position = document.locate(`${pointer}/table_configuration/${setting}`)
    if (names?.length === 0)
      problems.push({
        position,
        message: `${setting} names no column.`,
        remedy: `Name columns of ${table.name}: ${columns.join(', ')}.`,
      })
    const twice = names?.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined)
      problems.push({ position, message: `${setting} names ${twice} twice.`, remedy: `Name it once.` })
    for (const name of names ?? []) {
      if (columns.includes(name)) continue
      problems.push({
        position,
        message: `${setting} names ${name}, which is not a column of ${table.name}.`,
        remedy: suggestRemedy(name, columns),
      })
    }
  }
  const nullable = new Set(job.primaryKeys?.filter((name) => table.schema.fields[name]?.isRequired === false))
  if (nullable.size === 0) return
  // Rows without them would be one row: null is no key.
  const required = columns.filter((name) => table.schema.fields[name]!.isRequired)
  problems.push({
    position: document.locate(`${pointer}/table_configuration/primary_keys`),
    message: `primary_keys names ${[...nullable].join(' and ')}, which a row of ${table.name} may lack.`,
    remedy: `Name columns that every row has: ${required.join(', ')}.`,
  })
}
