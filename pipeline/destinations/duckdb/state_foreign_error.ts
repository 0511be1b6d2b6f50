import { ParleyError } from '../../../libs/connect/error.ts'

/** State of something else: another account, or tables that this destination does not have like that. */
export class StateForeignError extends ParleyError {
  readonly code = 'PARLEY_STATE_FOREIGN'
  readonly kind = 'configuration'

  constructor(path: string, reason: string) {
    super(`${path} does not belong to this destination: ${reason}. Nothing was changed.`, {
      remedy:
        'Import it where its rows are. State without its rows would make the next sync leave out what was read before; without state everything is read again.',
      details: { path },
    })
  }
}
