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
