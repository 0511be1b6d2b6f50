import { ParleyError } from '../../../libs/connect/error.ts'

/** A connection name that the destination knows brings the data of another account now. */
export class ConnectionChangedError extends ParleyError {
  readonly code = 'PARLEY_CONNECTION_CHANGED'
  readonly kind = 'configuration'

  constructor(connection: string, held: string, given: string) {
    super(`Connection ${connection} of this destination is ${held}; the options given are for ${given}.`, {
      remedy: 'Give this account a connection_name of its own, or another destination.',
      details: { connection, held, given },
    })
  }
}
