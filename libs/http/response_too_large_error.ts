import { ParleyError } from '../connect/error.ts'

/** A body passed `max_response_bytes`, on the wire or decompressed. The caller asks again for less. */
export class ResponseTooLargeError extends ParleyError {
  readonly code = 'PARLEY_RESPONSE_TOO_LARGE'
  readonly kind = 'source'

  constructor(request: string, maxBytes: number) {
    super(`The answer to ${request} is larger than ${maxBytes} bytes.`, {
      remedy: 'Lower page_size, or raise max_response_bytes.',
      details: { request, max_response_bytes: maxBytes },
    })
  }
}
