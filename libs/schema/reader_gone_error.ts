import { ParleyError } from '../connect/error.ts'

/** Whoever read the Arrow stream closed it before its end (EPIPE). */
export class ReaderGoneError extends ParleyError {
  readonly code = 'PARLEY_READER_GONE'
  readonly kind = 'usage'

  constructor(cause?: unknown) {
    super('The reader of the Arrow stream closed it before the end.', {
      remedy: 'Look for the reason in the reading process, or ask for fewer rows.',
      cause,
    })
  }
}
