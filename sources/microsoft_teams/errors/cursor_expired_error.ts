import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 410: a page or delta token is no longer valid. The reader starts that list again. */
export class CursorExpiredError extends GraphError {
  readonly code = 'PARLEY_CURSOR_EXPIRED'
  readonly kind = 'source'

  constructor(init: GraphErrorInit) {
    super(`A token of ${init.request} has expired.`, 'Nothing to do: the list is read again from its start.', init)
  }
}
