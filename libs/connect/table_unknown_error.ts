import { ParleyError } from './error.ts'

/** The source has no table of this name. */
export class TableUnknownError extends ParleyError {
  readonly code = 'PARLEY_TABLE_UNKNOWN'
  readonly kind = 'usage'

  constructor(table: string, source: string, tables: readonly string[]) {
    super(`${source} has no table ${table}.`, {
      remedy: `Use one of: ${tables.join(', ')}.`,
      details: { table, source },
    })
  }
}
