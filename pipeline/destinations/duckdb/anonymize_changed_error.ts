import { ParleyError } from '../../../libs/connect/error.ts'

/** A connection with rows is to be anonymized otherwise than they were. */
export class AnonymizeChangedError extends ParleyError {
  readonly code = 'PARLEY_ANONYMIZE_CHANGED'
  readonly kind = 'configuration'

  /** @param held, given fingerprints of keys; null: not anonymized */
  constructor(connection: string, held: string | null, given: string | null) {
    super(`The rows of connection ${connection} are ${describe(held)}; the options given ask for ${describe(given)}.`, {
      remedy:
        'Set anonymize and anonymize_key as they were, or give the connection another connection_name and other destination tables. To begin anew under this name, drop its tables first.',
      details: { connection, held, given },
    })
  }
}

function describe(fingerprint: string | null): string {
  return fingerprint === null ? 'persons as they are' : `persons hashed with key ${fingerprint}`
}
