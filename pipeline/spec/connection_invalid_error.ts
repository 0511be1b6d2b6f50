import { ParleyError } from '../../libs/connect/error.ts'
import type { JsonObject } from '../../libs/connect/json.ts'
import type { Position } from './yaml_positions.ts'

/** The connection file (or the environment in its place) does not give usable options. Never shows a value: it may be a secret. */
export class ConnectionInvalidError extends ParleyError {
  readonly code = 'PARLEY_CONNECTION_INVALID'
  readonly kind = 'configuration'

  /** @param place the file, with a position where one is known, or `undefined` when there is no file */
  constructor(
    place: { file: string; position?: Position } | undefined,
    message: string,
    init: { remedy: string; details?: JsonObject; cause?: unknown },
  ) {
    const at =
      place === undefined
        ? ''
        : `${place.file}${place.position ? `:${place.position.line}:${place.position.column}` : ''}: `
    const where = place === undefined ? {} : { file: place.file, ...(place.position ? { ...place.position } : {}) }
    super(`${at}${message}`, { ...init, details: { ...where, ...init.details } })
  }
}
