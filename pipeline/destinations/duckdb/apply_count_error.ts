import { ParleyError } from '../../../libs/connect/error.ts'

/** DuckDB wrote another number of rows than was decided: the transaction is rolled back, nothing of the unit is kept. */
export class ApplyCountError extends ParleyError {
  readonly code = 'PARLEY_APPLY_COUNT'
  readonly kind = 'bug'

  constructor(table: string, what: string, decided: number, done: number) {
    super(`${table}: ${decided} rows were to be ${what}, ${done} were.`, {
      remedy:
        'If another program added rows with the same key to this table, remove them; otherwise report this with the DuckDB version.',
      details: { table, decided, done },
    })
  }
}
