import type { RecordBatch, Schema } from 'apache-arrow'
import { toArrowSchema } from '../schema/index.ts'
import type { FeedDefinition, Limit, Partition, Refusal } from './feed.ts'
import type { Instant } from './instant.ts'
import type { Json } from './json.ts'
import { moveOffset, type Offset, parseOffset } from './offset.ts'
import { type ResolvedOptions, resolveOptions } from './options.ts'
import { PartitionsRefusedError } from './partitions_refused_error.ts'
import { readFeed } from './read_feed.ts'
import { Session } from './session.ts'
import type { Closable, Runtime, SourceDefinition } from './source.ts'
import type { TableDefinition, TableMetadata } from './table.ts'
import { TableUnknownError } from './table_unknown_error.ts'

/** Raw table options as they come from a spec, Spark or a caller: any case, usually text. */
export type TableOptions = Readonly<Record<string, unknown>>

/** Rows, and where to go on after them. */
export interface TableBatch {
  records: RecordBatch[]
  offset: Offset
}

export interface ReadContext {
  /** Ceiling of the read, exclusive; the source's own clock decides when absent. */
  until?: Instant
  signal?: AbortSignal
  /** Ends the read, never the table: go on from the last offset. Overrides the table options. */
  limit?: Limit
  /** Takes a refused partition instead of the error at the end of the read. */
  onRefused?: (partition: Partition, refusal: Refusal) => void
}

/** The interface of Databricks' community connectors, in TypeScript. Derived from a source's tables and feeds. */
export interface LakeflowConnect extends Closable {
  listTables(): Promise<string[]>
  getTableSchema(table: string, options?: TableOptions): Promise<Schema>
  readTableMetadata(table: string, options?: TableOptions): Promise<TableMetadata>
  /**
   * Reads on from `start`. Ends when the table has been read up to `until`, or at the limit.
   * @throws PartitionsRefusedError at the end, after every other partition was read, unless `onRefused` takes them.
   */
  readTable(table: string, start: Json, options?: TableOptions, ctx?: ReadContext): AsyncIterable<TableBatch>
}

interface TableRead<C> {
  feed: FeedDefinition<C>
  table: TableDefinition
  options: ResolvedOptions
}

/** Derives the interface for one connection. Makes no request until a table is read. */
export function lakeflow<C extends Closable>(
  source: SourceDefinition<C>,
  connectionOptions: ResolvedOptions,
  runtime: Runtime,
): LakeflowConnect {
  const connection = source.connect(connectionOptions, runtime)
  const find = (name: string, options: TableOptions = {}): TableRead<C> => findTable(source, name, options)
  return {
    listTables: async () => source.tables.map((table) => table.name),
    getTableSchema: async (name, options) => {
      const { table, options: resolved } = find(name, options)
      return toArrowSchema(table.schema, { includeRaw: resolved.include_raw === true })
    },
    readTableMetadata: async (name, options) => {
      const { table } = find(name, options)
      const { primaryKeys, cursorField, ingestionType } = table
      return { primaryKeys: [...primaryKeys], cursorField: cursorField ?? null, ingestionType }
    },
    readTable: (name, start, options, ctx = {}) => readTable(connection, find(name, options), parseOffset(start), ctx),
    close: () => connection.close(),
  }
}

function findTable<C extends Closable>(source: SourceDefinition<C>, name: string, raw: TableOptions): TableRead<C> {
  const table = source.tables.find((one) => one.name === name)
  const feed = source.feeds.find((one) => one.tables.includes(name))
  if (table === undefined || feed === undefined) {
    throw new TableUnknownError(
      name,
      source.name,
      source.tables.map((one) => one.name),
    )
  }
  return {
    table,
    feed,
    options: resolveOptions(source.options, ownOptions(source, raw), { scope: 'table', unknown: 'error' }),
  }
}

/** Names that the lakehouse passes beside a table's own options (lakeflow_contract §1.3). */
const FRAMEWORK_OPTIONS = new Set(
  'tablename tablenamelist tableconfigs namespace namespaceprefix isdeleteflow databricks.connection sourcename externaloptionsallowlist scd_type primary_keys sequence_by cluster_by'.split(
    ' ',
  ),
)

/** Without what is meant for the framework or for the connection; a name that nobody knows stays, and is an error. */
function ownOptions<C extends Closable>(source: SourceDefinition<C>, raw: TableOptions): TableOptions {
  const isOthers = (name: string) =>
    FRAMEWORK_OPTIONS.has(name.toLowerCase()) || source.options[name.toLowerCase()]?.scope === 'connection'
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !isOthers(name)))
}

async function* readTable<C>(
  connection: C,
  { feed, table, options }: TableRead<C>,
  start: Offset,
  ctx: ReadContext,
): AsyncGenerator<TableBatch> {
  const signal = ctx.signal ?? new AbortController().signal
  const args = { connection, options, session: new Session(), signal }
  const until = ctx.until ?? (await feed.until(args))
  const { partitions } = await feed.discover(args)
  const budget = new LimitBudget(ctx.limit ?? optionLimit(options))
  const refused = new Map<string, Refusal>()
  let offset = start
  for (const partition of byProgress(partitions, start)) {
    if (budget.spent) break
    const request = { tables: new Set([table.name]), until, options, signal, ...budget.left() }
    const cursor = offset.partitions[partition.id] ?? null
    for await (const page of readFeed(feed, connection, partition, cursor, request)) {
      if (page.refused !== undefined) {
        if (ctx.onRefused) ctx.onRefused(partition, page.refused)
        else refused.set(partition.id, page.refused)
        break
      }
      const records = page.rows.get(table.name) ?? []
      offset = moveOffset(offset, partition.id, page.cursor)
      budget.take(records)
      yield { records, offset }
    }
  }
  if (refused.size > 0) throw new PartitionsRefusedError(refused)
}

/** Least advanced first, so that a small limit reaches every partition although `until` moves between batches. */
function byProgress(partitions: readonly Partition[], offset: Offset): Partition[] {
  const time = (partition: Partition) => Number(offset.partitions[partition.id]?.t ?? 0)
  return partitions.toSorted((a, b) => time(a) - time(b))
}

function optionLimit(options: ResolvedOptions): Limit {
  const { max_pages_per_batch: pages, max_records_per_batch: records } = options
  return {
    ...(typeof pages === 'number' ? { maxPages: pages } : {}),
    ...(typeof records === 'number' && records > 0 ? { maxRecords: records } : {}),
  }
}

/** One batch's bounds over all the partitions it touches. */
class LimitBudget {
  #pages: number
  #records: number

  constructor(limit: Limit) {
    this.#pages = limit.maxPages ?? Number.POSITIVE_INFINITY
    this.#records = limit.maxRecords ?? Number.POSITIVE_INFINITY
  }

  get spent(): boolean {
    return this.#pages <= 0 || this.#records <= 0
  }

  left(): { limit?: Limit } {
    const limit: Limit = {}
    if (Number.isFinite(this.#pages)) limit.maxPages = this.#pages
    if (Number.isFinite(this.#records)) limit.maxRecords = this.#records
    return Object.keys(limit).length === 0 ? {} : { limit }
  }

  take(records: RecordBatch[]): void {
    this.#pages -= 1
    for (const batch of records) this.#records -= batch.numRows
  }
}
