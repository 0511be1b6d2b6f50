import { RecordBatch as Batch, Data, type RecordBatch, Schema, Struct } from 'apache-arrow'
import type { FeedPage, Partition, Refusal } from '../../../libs/connect/feed.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import {
  boolean,
  type ColumnType,
  contentHashes,
  type Fields,
  int32,
  int64,
  RowEncoder,
  struct,
  text,
  toArrowSchema,
} from '../../../libs/schema/index.ts'

/** The last column of what `ingest` reads: what applying a row takes beside the row. */
export const FACTS_COLUMN = '_parley'

/** Beside `row`, a line can tell of a partition; then its other columns say nothing. */
type Kind = 'row' | 'scanned' | 'listed' | 'refused'

const facts = struct({
  kind: text(),
  partition: text(),
  hash: text(),
  order: int64(),
  generation: int64(),
  fills: boolean(),
  pages: int32(),
  narrowed: boolean(),
  scope: text(),
  after: text(),
  up_to: text(),
  at: int64(),
  code: text(),
  message: text(),
  remedy: text(),
})

type Facts = { kind: Kind; partition: string } & Record<string, string | number | boolean | undefined>

const FACTS_TABLE = struct({ [FACTS_COLUMN]: facts })

/** The schema of a table with the facts behind it. */
export function withFacts(schema: Schema): Schema {
  return new Schema([...schema.fields, toArrowSchema(FACTS_TABLE).fields[0]!])
}

/** Adds to the rows of one read what applying them takes. One for all partitions of a task, in read order. */
export class FactsWriter {
  readonly #table: TableDefinition
  readonly #schema: Schema
  readonly #hashed: readonly string[]
  readonly #hashedTypes: Fields
  readonly #encoder = new RowEncoder(FACTS_TABLE, { table: FACTS_COLUMN, primaryKeys: [] })
  readonly #includeRaw: boolean
  #order = 0

  /** @param hashed the columns that `_content_hash` covers: those that the target was made with */
  constructor(table: TableDefinition, schema: Schema, hashed: readonly string[]) {
    this.#table = table
    this.#schema = schema
    this.#includeRaw = schema.fields.some(({ name }) => name === '_raw')
    this.#hashed = hashed
    const { fields } = table.schema
    // One that the target covers although it is volatile now counts whole.
    const declared = hashed.filter((name) => Object.hasOwn(fields, name) && !fields[name]!.isVolatile)
    this.#hashedTypes = Object.fromEntries(declared.map((name) => [name, fields[name]!]))
  }

  rows(page: FeedPage, partition: Partition): RecordBatch[] {
    const { generation, fills = [] } = page
    const told = { generation: generation?.id, fills: fills.includes(this.#table.name) }
    return (page.rows.get(this.#table.name) ?? []).map((batch) => {
      const hashes = contentHashes(batch, this.#hashed, this.#hashedTypes)
      const lines = hashes.map(
        (hash): Facts => ({ kind: 'row', partition: partition.id, hash, order: this.#order++, ...told }),
      )
      return this.#join(batch, lines)
    })
  }

  /** What a page tells beside its rows. */
  marks({ scanned = [], generation, complete, narrowed = false }: FeedPage, { id }: Partition): RecordBatch[] {
    const lines = scanned.map(
      ({ scope, after, upTo, at }): Facts => ({ kind: 'scanned', partition: id, scope, after, up_to: upTo, at }),
    )
    if (complete && generation !== undefined)
      lines.push({ kind: 'listed', partition: id, generation: generation.id, pages: generation.pages, narrowed })
    return lines.length === 0 ? [] : [this.#join(this.#blank(lines.length), lines)]
  }

  refused({ id }: Partition, { code, message, remedy }: Refusal): RecordBatch {
    return this.#join(this.#blank(1), [{ kind: 'refused', partition: id, code, message, remedy }])
  }

  #join(batch: RecordBatch, lines: readonly Facts[]): RecordBatch {
    for (const line of lines) this.#encoder.append({ [FACTS_COLUMN]: line })
    const [told] = this.#encoder.finish().data.children
    const children = [...batch.data.children, told!]
    const data = new Data(new Struct(this.#schema.fields), 0, batch.numRows, 0, undefined, children)
    return new Batch(this.#schema, data)
  }

  /** Rows that say nothing: columns that cannot be null have something in them. */
  #blank(count: number): RecordBatch {
    const { schema, name } = this.#table
    const options = this.#includeRaw ? { includeRaw: true } : {}
    const encoder = new RowEncoder(schema, { table: name, primaryKeys: [], ...options })
    const required = Object.entries(schema.fields).filter(([, { isRequired }]) => isRequired)
    const row = Object.fromEntries(required.map(([column, type]) => [column, anyValue(type)]))
    for (let i = 0; i < count; i++) encoder.append(row, row as Record<string, string>)
    return encoder.finish()
  }
}

function anyValue({ kind }: ColumnType): string | number | boolean {
  switch (kind) {
    case 'boolean':
      return false
    case 'timestamp':
      return '1970-01-01T00:00:00Z'
    case 'int32':
    case 'int64':
    case 'float64':
      return 0
    default:
      return '-'
  }
}
