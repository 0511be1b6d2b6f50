import { ParleyError } from '../../../libs/connect/error.ts'

/** The state in the destination was written by a newer release. */
export class StateNewerError extends ParleyError {
  readonly code = 'PARLEY_STATE_NEWER'
  readonly kind = 'configuration'

  constructor(found: number, known: number) {
    super(`The state in this destination has version ${found}; this release knows versions up to ${known}.`, {
      remedy: 'Use the release that wrote it, or a newer one.',
      details: { found, known },
    })
  }
}
