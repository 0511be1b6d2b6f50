import { ParleyError } from '../../../libs/connect/error.ts'
import type { Refusal } from '../../../libs/connect/feed.ts'

/** A partition that a Spark task was to read refused. It carries the refusal's own code to Python. */
export class PartitionRefusedError extends ParleyError {
  readonly code: `PARLEY_${string}`
  readonly kind = 'source'

  constructor(partition: string, refusal: Refusal) {
    super(`${partition}: ${refusal.message}`, {
      remedy: refusal.remedy,
      details: { partition, status: refusal.status },
    })
    this.code = refusal.code as `PARLEY_${string}`
  }
}
