import { ParleyError } from '../../../libs/connect/error.ts'
import type { RejectedRow } from '../../../libs/connect/feed.ts'

/** A row has no usable key. Spark has no quarantine, so the read stops instead of dropping it. */
export class RowRejectedError extends ParleyError {
  readonly code = 'PARLEY_ROW_REJECTED'
  readonly kind = 'source'

  constructor(partition: string, row: RejectedRow) {
    super(`${partition}: a row of ${row.table} cannot be stored. ${row.message}`, {
      remedy: 'Read this source with parley sync, which keeps such rows in quarantine, and report the row.',
      details: { partition, table: row.table, reason: row.code },
    })
  }
}
