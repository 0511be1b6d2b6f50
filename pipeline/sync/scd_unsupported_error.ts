import { ParleyError } from '../../libs/connect/error.ts'

/** The spec asks for a way of applying rows that this release does not have on one machine. */
export class ScdUnsupportedError extends ParleyError {
  readonly code = 'PARLEY_SCD_UNSUPPORTED'
  readonly kind = 'usage'

  constructor(job: string, scdType: string) {
    super(`${job}: scd_type ${scdType} is not available in this release.`, {
      remedy: 'Use SCD_TYPE_1, or leave scd_type out.',
      details: { job, scd_type: scdType },
    })
  }
}
