import { type AddedValues, RowEncoder } from '../schema/row_encoder.ts'
import type { FeedPage, FeedRequest, RejectedRow } from './feed.ts'
import type { TableDefinition } from './table.ts'

/** A batch closes at one of these: a page of fifty threads can hold fifty thousand rows. */
const BATCH_ROWS = 5_000
const BATCH_BYTES = 32 * 1024 * 1024

/** What a feed is asked for, as far as encoding goes: a whole `FeedRequest` will do. */
export type EncodingRequest = Pick<FeedRequest, 'tables' | 'options' | 'anonymizer'>

/**
 * One encoder a table that the caller wants; a page is what was added since the last one.
 *
 * ```ts
 * const encoders = new PageEncoders([messages, replies], request)
 * for (const row of rows) encoders.add('messages', row, { channel_id })
 * yield { ...encoders.page(), cursor, complete }
 * ```
 */
export class PageEncoders {
  readonly #encoders: Map<string, RowEncoder>
  #rows: FeedPage['rows'] = new Map()
  #rescued = new Map<string, number>()
  #rejected: RejectedRow[] = []

  /**
   * @param tables those that the feed has rows of
   * @throws AnonymizeRawError where the request asks for both
   */
  constructor(tables: readonly TableDefinition[], { tables: wanted, options, anonymizer = null }: EncodingRequest) {
    const includeRaw = options.include_raw === true
    this.#encoders = new Map(
      tables
        .filter(({ name }) => wanted.has(name))
        .map(({ name, primaryKeys, schema }) => [
          name,
          new RowEncoder(schema, { table: name, primaryKeys, includeRaw, anonymizer }),
        ]),
    )
  }

  /**
   * Does nothing for a table that the caller does not want.
   * @param row what the API sent: an object, or anything else, which is rejected
   * @param added values of the columns declared `added()`
   */
  add(table: string, row: unknown, added: AddedValues): void {
    const encoder = this.#encoders.get(table)
    if (encoder === undefined) return
    const rejection = encoder.append(row, added)
    if (rejection !== null) this.#rejected.push(rejection)
    else if (encoder.rows >= BATCH_ROWS || encoder.bytes >= BATCH_BYTES) this.#close(table, encoder)
  }

  /** Keeps a row aside that can be no row of the table. */
  reject(table: string, row: unknown, why: { code: string; message: string }): void {
    const encoder = this.#encoders.get(table)
    if (encoder !== undefined) this.#rejected.push({ ...why, table, row: encoder.rowText(row) })
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
