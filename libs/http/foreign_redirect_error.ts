import { ParleyError } from '../connect/error.ts'

/** The server sends us to another origin. It was not followed: credentials never leave the API's host. */
export class ForeignRedirectError extends ParleyError {
  readonly code = 'PARLEY_FOREIGN_REDIRECT'
  readonly kind = 'source'

  constructor(request: string, status: number, target: string) {
    super(`${request} was redirected (${status}) to ${target}.`, {
      remedy: 'Check the base URL of the connection, and look for a proxy or portal that redirects.',
      details: { request, status, target },
    })
  }
}
