import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 401, also with a new token: the token is right, but not for this host or this tenant. */
export class TokenRejectedError extends GraphError {
  readonly code = 'PARLEY_AUTH_TOKEN_REJECTED'
  readonly kind = 'configuration'

  constructor(init: GraphErrorInit) {
    super(
      `Graph does not accept the access token for ${init.request}, nor a new one.`,
      'Check tenant_id and cloud: a token of one cloud is not valid in another.',
      init,
    )
  }
}
