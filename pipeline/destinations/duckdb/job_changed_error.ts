import { ParleyError } from '../../../libs/connect/error.ts'

/** A destination table that was filled from one table by one key is asked to hold something else. */
export class JobChangedError extends ParleyError {
  readonly code = 'PARLEY_JOB_CHANGED'
  readonly kind = 'configuration'

  constructor(job: string, held: string, wanted: string) {
    super(`${job} holds ${held}; the spec wants ${wanted} in it.`, {
      remedy: 'Give it another destination_table: a table keeps the source table and the primary_keys it began with.',
      details: { job, held, wanted },
    })
  }
}
