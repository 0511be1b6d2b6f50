import { ParleyError } from '../connect/error.ts'

/** An answer is not what the API sends: no JSON, or JSON of another shape; also when asked again. */
export class MalformedResponseError extends ParleyError {
  readonly code = 'PARLEY_MALFORMED_RESPONSE'
  readonly kind = 'source'

  /** `what`: what was found instead, without values of the body: `a list without a value`. */
  constructor(what: string, request?: string) {
    super(`The answer${request === undefined ? '' : ` to ${request}`} is ${what}.`, {
      remedy: 'Look for a proxy or a captive portal that answers in place of the API.',
      details: { what, ...(request === undefined ? {} : { request }) },
    })
  }
}
