import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 412: this request is not open to an app without a user, or not for this object. */
export class PreconditionFailedError extends GraphError {
  readonly code = 'PARLEY_PRECONDITION_FAILED'
  readonly kind = 'configuration'

  constructor(init: GraphErrorInit) {
    super(
      `${init.request} is not available to an app without a user.`,
      'Leave this team, channel or chat out, or see API.md for what application permissions can read.',
      init,
    )
  }
}
