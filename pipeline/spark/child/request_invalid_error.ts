import { ParleyError } from '../../../libs/connect/error.ts'

/** The request on stdin is not one of this protocol: the Python and the JavaScript part are of different releases. */
export class RequestInvalidError extends ParleyError {
  readonly code = 'PARLEY_SPARK_REQUEST_INVALID'
  readonly kind = 'bug'

  constructor(what: string) {
    super(`The request cannot be carried out: ${what}.`, {
      remedy: 'Build the generated file again, so that its Python and its JavaScript come from one release.',
    })
  }
}
