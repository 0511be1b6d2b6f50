import { ParleyError } from '../../../libs/connect/error.ts'

/** The Graph host sent no `Date`: without the API's own clock a read has no safe end. */
export class NoServerDateError extends ParleyError {
  readonly code = 'PARLEY_NO_SERVER_DATE'
  readonly kind = 'source'

  constructor() {
    super('Microsoft Graph answered without a Date header, so the end of this read cannot be set.', {
      remedy: 'Look for a proxy between here and Graph that removes the Date header, and let it pass.',
    })
  }
}
