import { ParleyError } from '../../../libs/connect/error.ts'

const FROM_A_COPY =
  'Nothing was changed. Put a copy of the file in its place, or sync into a new file, where everything is read again.'
const RESET =
  'Nothing was changed. `parley state reset --tables` makes the next sync read that table from the beginning; its rows stay.'

/** The state tables of the destination are damaged, or another program changed them. Nothing has been written. */
export class StateCorruptError extends ParleyError {
  readonly code = 'PARLEY_STATE_CORRUPT'
  readonly kind = 'configuration'

  /**
   * @param what what is wrong and where, as the rest of a sentence
   * @param isCursor only a cursor is damaged: it can be forgotten
   */
  constructor(what: string, { isCursor = false } = {}) {
    super(`The state in this destination cannot be used: ${what}.`, {
      remedy: isCursor ? RESET : FROM_A_COPY,
      details: { what },
    })
  }
}
