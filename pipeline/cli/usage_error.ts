import { ParleyError } from '../../libs/connect/error.ts'

/** The command line itself is wrong: an unknown command, source, table or flag, or a value that does not fit. */
export class UsageError extends ParleyError {
  readonly code = 'PARLEY_USAGE'
  readonly kind = 'usage'

  constructor(message: string, remedy: string) {
    super(message, { remedy })
  }
}
