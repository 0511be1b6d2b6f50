import type { Schema } from 'apache-arrow'
import { ParleyError } from '../connect/error.ts'

/** A batch has another schema than the stream it was meant for. */
export class SchemaMismatchError extends ParleyError {
  readonly code = 'PARLEY_SCHEMA_MISMATCH'
  readonly kind = 'bug'

  constructor(expected: Schema, found: Schema) {
    super('A record batch has another schema than its stream.', {
      remedy: 'Encode all batches of a stream with the same table declaration and the same include_raw.',
      details: { expected: expected.fields.map(String), found: found.fields.map(String) },
    })
  }
}
