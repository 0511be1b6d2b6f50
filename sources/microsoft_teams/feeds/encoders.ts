import type { FeedPage, RejectedRow } from '../../../libs/connect/feed.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { RowEncoder } from '../../../libs/schema/index.ts'
import { jsonText } from '../../../libs/schema/json_text.ts'

/** A batch closes at one of these: a page of fifty threads can hold fifty thousand rows. */
const BATCH_ROWS = 5_000
const BATCH_BYTES = 32 * 1024 * 1024

/** One encoder a table that the caller wants; a page is what was added since the last one. */
export class PageEncoders {
  readonly #encoders: Map<string, RowEncoder>
  #rows: FeedPage['rows'] = new Map()
  #rescued = new Map<string, number>()
  #rejected: RejectedRow[] = []

  constructor(tables: readonly TableDefinition[], wanted: ReadonlySet<string>, includeRaw: boolean) {
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
    const rejection = encoder.append(row, added)
    if (rejection !== null) this.#rejected.push(rejection)
    else if (encoder.rows >= BATCH_ROWS || encoder.bytes >= BATCH_BYTES) this.#close(table, encoder)
  }

  /** Keeps a row aside that can be no row of the table. */
  reject(table: string, row: unknown, why: { code: string; message: string }): void {
    if (this.#encoders.has(table)) this.#rejected.push({ ...why, table, row: jsonText(row) })
  }

  /** Rows, rejected rows and rescue counts of the page; empties the buffers. */
  page(): Pick<FeedPage, 'rows' | 'rejected' | 'rescued'> {
    for (const [table, encoder] of this.#encoders) if (encoder.rows > 0) this.#close(table, encoder)
    const page = { rows: this.#rows, rejected: this.#rejected, rescued: this.#rescued }
    this.#rows = new Map()
    this.#rescued = new Map()
    this.#rejected = []
    return page
  }

  #close(table: string, encoder: RowEncoder): void {
    if (encoder.rescued > 0) this.#rescued.set(table, (this.#rescued.get(table) ?? 0) + encoder.rescued)
    this.#rows.set(table, [...(this.#rows.get(table) ?? []), encoder.finish()])
  }
}
