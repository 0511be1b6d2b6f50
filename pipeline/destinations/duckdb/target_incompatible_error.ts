import { ParleyError } from '../../../libs/connect/error.ts'

/** The destination table exists with another type in a column, or keeps its rows in another way: Parley never rewrites a column. */
export class TargetIncompatibleError extends ParleyError {
  readonly code = 'PARLEY_TARGET_INCOMPATIBLE'
  readonly kind = 'configuration'

  constructor(table: string, column: string, found: string, wanted: string) {
    super(`Column ${column} of ${table} is ${found}; this source needs ${wanted}.`, {
      remedy:
        'Sync into another destination_table, or rename the existing table: a new one is then made and read from the beginning.',
      details: { table, column, found, wanted },
    })
  }
}
