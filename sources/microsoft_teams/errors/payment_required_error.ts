import { GraphError, type GraphErrorInit } from './graph_error.ts'

/** 402: the quota that the export had until 2025-08-25 (reference §1.4). */
export class PaymentRequiredError extends GraphError {
  readonly code = 'PARLEY_PAYMENT_REQUIRED'
  readonly kind = 'configuration'

  constructor(init: GraphErrorInit) {
    super(
      `${init.request} is over a paid quota.`,
      'Exports have been free since 2025-08-25; ask Microsoft why this tenant is still metered.',
      init,
    )
  }
}
