import type { SpecProblem } from './spec_invalid_error.ts'
import type { TableJob } from './types.ts'
import type { Position } from './yaml_positions.ts'

/**
 * Two entries may read the same table, but not write to the same one: their rows would overwrite each other.
 * @param catalogs whether the destination has catalogs; a local one does not, so there only schema and table count
 */
export function checkDestinations(
  jobs: readonly TableJob[],
  rules: { defaultSchema: string; catalogs: boolean; locate: (job: TableJob, index: number) => Position },
): SpecProblem[] {
  const problems: SpecProblem[] = []
  const taken = new Map<string, TableJob>()
  for (const [index, job] of jobs.entries()) {
    const { catalog = '', schema = rules.defaultSchema, table } = job.destination
    // Names of tables are compared without case by every destination.
    const key = JSON.stringify([rules.catalogs ? catalog : '', schema, table].map((part) => part.toLowerCase()))
    const first = taken.get(key)
    if (first === undefined) taken.set(key, job)
    else {
      problems.push({
        position: rules.locate(job, index),
        message: `${schema}.${table} is already the destination of the entry in line ${first.line}.`,
        remedy: 'Give one of them another destination_table or destination_schema.',
      })
    }
  }
  return problems
}

/** The state of Parley, and what DuckDB keeps of its own. */
const RESERVED_SCHEMAS: readonly string[] = ['parley', 'information_schema', 'pg_catalog', 'temp', 'system']

/** A table must not be made among the destination's own. For local destinations: a lakehouse may have such a schema. */
export function checkReservedSchemas(
  jobs: readonly TableJob[],
  locate: (job: TableJob, index: number) => Position,
): SpecProblem[] {
  return jobs.flatMap((job, index) => {
    const { schema = '' } = job.destination
    if (!RESERVED_SCHEMAS.includes(schema.toLowerCase())) return []
    return [
      {
        position: locate(job, index),
        message: `${schema} is a schema of the destination's own.`,
        remedy: 'Name another destination_schema.',
      },
    ]
  })
}
