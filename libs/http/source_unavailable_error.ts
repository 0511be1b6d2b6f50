import { ParleyError } from '../connect/error.ts'

/** Every attempt failed, or they took too long together. `cause` is the last failure, with a code of its own. */
export class SourceUnavailableError extends ParleyError {
  readonly code = 'PARLEY_SOURCE_UNAVAILABLE'
  readonly kind = 'source'

  constructor(request: string, attempts: number, seconds: number, last: string, cause?: unknown) {
    super(`${request} failed ${attempts} times in ${Math.round(seconds)} s; the last time: ${last}`, {
      remedy: 'Run again later: nothing that was read is lost. If it persists, look at the status page of the API.',
      details: { attempts, seconds: Math.round(seconds), last },
      cause,
    })
  }
}
