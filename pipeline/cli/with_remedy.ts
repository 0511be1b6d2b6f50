import type { ParleyError } from '../../libs/connect/error.ts'

/** The same error with advice that fits the command: what a library can say about it may not be what to type. */
export function withRemedy<E extends ParleyError>(error: E, remedy: string): E {
  return Object.assign(error, { remedy })
}
