import type { FeedPage, RejectedRow } from '../../../libs/connect/feed.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { RowEncoder } from '../../../libs/schema/index.ts'

/** One encoder a table that the caller wants; a page is what was added since the last one. */
export class PageEncoders {
  readonly #encoders: Map<string, RowEncoder>
  readonly #includeRaw: boolean
  #rejected: RejectedRow[] = []

  constructor(tables: readonly TableDefinition[], wanted: ReadonlySet<string>, includeRaw: boolean) {
    this.#includeRaw = includeRaw
    this.#encoders = new Map(
      tables
        .filter((table) => wanted.has(table.name))
        .map((table) => [
          table.name,
          new RowEncoder(table.schema, { table: table.name, primaryKeys: [...table.primaryKeys], includeRaw }),
        ]),
    )
  }

  /** @param row what the API sent: an object, or anything else, which is rejected */
  add(table: string, row: unknown, added: Record<string, string | null>): void {
    const encoder = this.#encoders.get(table)
    if (encoder === undefined) return
    const rejection = encoder.append(row, added, this.#includeRaw ? JSON.stringify(row) : undefined)
    if (rejection !== null) this.#rejected.push(rejection)
  }

  /** Rows, rejected rows and rescue counts of the page; empties the buffers. */
  page(): Pick<FeedPage, 'rows' | 'rejected' | 'rescued'> {
    const rows: FeedPage['rows'] = new Map()
    const rescued = new Map<string, number>()
    for (const [table, encoder] of this.#encoders) {
      if (encoder.rows === 0) continue
      if (encoder.rescued > 0) rescued.set(table, encoder.rescued)
      rows.set(table, [encoder.finish()])
    }
    const rejected = this.#rejected
    this.#rejected = []
    return { rows, rejected, rescued }
  }
}
