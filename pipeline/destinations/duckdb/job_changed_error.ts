import { ParleyError } from '../../../libs/connect/error.ts'

/** A destination table that was filled from one table, by one key and in one way, is asked to hold something else. */
export class JobChangedError extends ParleyError {
  readonly code = 'PARLEY_JOB_CHANGED'
  readonly kind = 'configuration'

  constructor(job: string, held: string, wanted: string) {
    super(`${job} holds ${held}; the spec wants ${wanted} in it.`, {
      remedy:
        'Give it another destination_table: a table keeps the source table, the primary_keys and the scd_type it began with, and a history its sequence_by.',
      details: { job, held, wanted },
    })
  }
}
