import type { Schema } from 'apache-arrow'
import { ParleyError } from '../../../libs/connect/error.ts'

/** A feed yielded a batch of another schema than its table declares. */
export class SchemaMismatchError extends ParleyError {
  readonly code = 'PARLEY_SCHEMA_MISMATCH'
  readonly kind = 'bug'

  constructor(declared: Schema, found: Schema) {
    super('A batch does not have the schema of its table.', {
      remedy: 'This is a bug in the source; report it with the two schemas in the details.',
      details: { declared: String(declared), found: String(found) },
    })
  }
}
