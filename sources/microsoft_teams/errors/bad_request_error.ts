import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 400: Graph does not take the request, most often a page token that has become stale (reference §4). */
export class BadRequestError extends GraphError {
  readonly code = 'PARLEY_BAD_REQUEST'
  readonly kind = 'source'

  constructor(init: GraphErrorInit) {
    super(
      `${init.request} was not understood.`,
      'Check the ids in the options; if they are right, report this request.',
      init,
    )
  }
}
