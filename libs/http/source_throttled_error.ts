import { ParleyError } from '../connect/error.ts'

/** The server holds this request back for longer than `max_throttle_seconds`. */
export class SourceThrottledError extends ParleyError {
  readonly code = 'PARLEY_SOURCE_THROTTLED'
  readonly kind = 'source'

  /** `heldSeconds`: how long it would have been held back, the wait that was refused included. */
  constructor(scope: string, heldSeconds: number, maxSeconds: number) {
    super(`The server throttles ${scope} for ${Math.ceil(heldSeconds)} s; at most ${maxSeconds} s are waited.`, {
      remedy: 'Run again later, or raise max_throttle_seconds.',
      details: { scope, held_seconds: Math.ceil(heldSeconds), max_throttle_seconds: maxSeconds },
    })
  }
}
