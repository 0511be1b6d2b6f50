import { ParleyError } from '../connect/error.ts'

/** Rows were appended to a batch far beyond `RowEncoder.full`, up to where Arrow's 32-bit offsets would overflow. */
export class BatchTooLargeError extends ParleyError {
  readonly code = 'PARLEY_BATCH_TOO_LARGE'
  readonly kind = 'bug'

  constructor() {
    super('A record batch would grow beyond what its 32-bit offsets can address.', {
      remedy: 'Call finish() when the encoder says it is full, before the next row is appended.',
    })
  }
}
