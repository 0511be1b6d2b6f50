import { ParleyError } from '../connect/error.ts'

/** A fault plan that cannot mean anything: a typing error would otherwise be a test that tests nothing. */
export class FaultPlanInvalidError extends ParleyError {
  readonly code = 'PARLEY_SIMULATOR_PLAN_INVALID'
  readonly kind = 'usage'

  constructor(where: string, expected: string) {
    super(`The fault plan is wrong at ${where}: ${expected}.`, {
      remedy: `Correct ${where} in the plan.`,
      details: { where },
    })
  }
}
