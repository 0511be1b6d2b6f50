import { ParleyError } from '../connect/error.ts'

/** `include_raw` keeps rows as they came, which `anonymize` cannot clean. */
export class AnonymizeRawError extends ParleyError {
  readonly code = 'PARLEY_ANONYMIZE_RAW'
  readonly kind = 'configuration'

  constructor(table: string) {
    super(`Table ${table} is to keep its rows as they came (include_raw), on a connection with anonymize.`, {
      remedy: 'Take include_raw out of table_configuration, or read the table on a connection without anonymize.',
      details: { table },
    })
  }
}
