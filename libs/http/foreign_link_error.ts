import { ParleyError } from '../connect/error.ts'

/** A link of the API leads to another origin. It was not followed: credentials never leave the API's host. */
export class ForeignLinkError extends ParleyError {
  readonly code = 'PARLEY_FOREIGN_LINK'
  readonly kind = 'source'

  constructor(origin: string, allowed: readonly string[]) {
    super(`A link leads to ${origin}; only ${allowed.join(', ')} may be asked.`, {
      remedy: 'Check the base URL of the connection: it must be the origin that the API itself writes in its links.',
      details: { origin, allowed: [...allowed] },
    })
  }
}
