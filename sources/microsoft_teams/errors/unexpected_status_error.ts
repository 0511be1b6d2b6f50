import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** A status that the documentation of these requests does not name. */
export class UnexpectedStatusError extends GraphError {
  readonly code = 'PARLEY_UNEXPECTED_STATUS'
  readonly kind = 'source'

  constructor(init: GraphErrorInit) {
    super(
      `${init.request} was answered ${init.status}.`,
      'Look for a proxy that answers in place of Graph, or try again later.',
      init,
    )
  }
}
