import { ParleyError } from '../../../libs/connect/error.ts'

/** The state tables of the destination are damaged, or another program changed them. Nothing has been written. */
export class StateCorruptError extends ParleyError {
  readonly code = 'PARLEY_STATE_CORRUPT'
  readonly kind = 'configuration'

  /** @param what what is wrong and where, as the rest of a sentence */
  constructor(what: string) {
    super(`The state in this destination cannot be used: ${what}.`, {
      remedy:
        'Nothing was changed. Put a copy of the file in its place, or sync into a new file, where everything is read again.',
      details: { what },
    })
  }
}
