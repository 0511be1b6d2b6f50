import type { TableDefinition } from '../../libs/connect/table.ts'
import type { SpecProblem } from './spec_invalid_error.ts'
import type { TableJob } from './types.ts'
import type { Position } from './yaml_positions.ts'

/** Where rows are marked as deleted, the mark is a version of the row: only the column made for it can order versions. */
export function checkSequences(
  jobs: readonly TableJob[],
  tables: readonly TableDefinition[],
  locate: (job: TableJob) => Position,
): SpecProblem[] {
  return jobs.flatMap((job) => {
    const table = tables.find(({ name }) => name === job.sourceTable)
    const { sequenceBy } = job
    if (table?.softDelete === undefined || sequenceBy === undefined || sequenceBy === table.cursorField) return []
    const message = `${table.name} marks deleted rows, and so is ordered by ${table.cursorField}, not by ${sequenceBy}.`
    return [{ position: locate(job), message, remedy: 'Leave sequence_by out.' }]
  })
}
