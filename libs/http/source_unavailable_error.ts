import { isParleyError, ParleyError } from '../connect/error.ts'

/** Every attempt failed, or they took too long together. `cause` is the last failure, with a code of its own. */
export class SourceUnavailableError extends ParleyError {
  readonly code = 'PARLEY_SOURCE_UNAVAILABLE'
  readonly kind = 'source'

  constructor(request: string, attempts: number, seconds: number, last: string, cause?: unknown) {
    const known = isParleyError(cause) ? cause : undefined
    const what = known === undefined ? last : `${last}, ${known.message}`
    super(`${request} failed ${attempts} times in ${Math.round(seconds)} s; the last time: ${what}`, {
      remedy: `Run again later: nothing that was read is lost. If it persists: ${known?.remedy ?? 'look at the status page of the API.'}`,
      details: { ...known?.details, attempts, seconds: Math.round(seconds), last },
      cause,
    })
  }
}
