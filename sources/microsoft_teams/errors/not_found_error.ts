import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 404, also when asked again. Fresh and replicated objects answer so for minutes: it is no proof of deletion (reference §4). */
export class NotFoundError extends GraphError {
  readonly code = 'PARLEY_NOT_FOUND'
  readonly kind = 'source'

  constructor(init: GraphErrorInit) {
    super(
      `${init.request} does not exist, or not yet.`,
      'Check the ids in the options; a new team may take minutes to appear.',
      init,
    )
  }
}
