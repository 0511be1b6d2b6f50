import { ParleyError } from '../connect/error.ts'

/** The API sent no `Date`: without its own clock a read has no safe end. */
export class NoServerDateError extends ParleyError {
  readonly code = 'PARLEY_NO_SERVER_DATE'
  readonly kind = 'source'

  /** @param api its name, for people */
  constructor(api: string) {
    super(`${api} answered without a Date header, so the end of this read cannot be set.`, {
      remedy: `Look for a proxy between here and ${api} that removes the Date header, and let it pass.`,
    })
  }
}
