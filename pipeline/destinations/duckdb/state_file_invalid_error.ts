import { ParleyError } from '../../../libs/connect/error.ts'

/** What `state import` was given is no state: not JSON, not ours, damaged, or edited. */
export class StateFileInvalidError extends ParleyError {
  readonly code = 'PARLEY_STATE_FILE_INVALID'
  readonly kind = 'usage'

  constructor(path: string, reason: string) {
    super(`${path} cannot be imported: ${reason}. Nothing was changed.`, {
      remedy: 'Give a whole file that `parley state export` wrote.',
      details: { path },
    })
  }
}
