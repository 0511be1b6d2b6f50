import { ParleyError } from '../../../libs/connect/error.ts'
import type { BadRequestError } from './bad_request_error.ts'

/** 400 to a first delta request: this app gets no delta of channel messages (reference §2.5). */
export class DeltaUnsupportedError extends ParleyError {
  readonly code = 'PARLEY_DELTA_UNSUPPORTED'
  readonly kind = 'source'
  readonly status = 400

  constructor(cause: BadRequestError) {
    super(`The API does not take delta queries for this channel. ${cause.message}`, {
      remedy: 'Set read_mode to auto or list: then this channel is read by its list.',
      details: cause.details,
      cause,
    })
  }
}
