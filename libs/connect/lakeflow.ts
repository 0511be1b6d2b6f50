import type { RecordBatch, Schema } from 'apache-arrow'
import { AnonymizeRawError } from '../anonymize/anonymize_raw_error.ts'
import { anonymizerOfConnection } from '../anonymize/of_connection.ts'
import { toArrowSchema } from '../schema/index.ts'
import type { Limit, Partition, Refusal } from './feed.ts'
import type { Instant } from './instant.ts'
import type { Json } from './json.ts'
import { type Offset, parseOffset } from './offset.ts'
import { type ResolvedOptions, resolveOptions } from './options.ts'
import { readTable, type TableRead } from './read_table.ts'
import type { Closable, Runtime, SourceDefinition } from './source.ts'
import type { TableMetadata } from './table.ts'
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

/** Derives the interface for one connection. Makes no request until a table is read. */
export function lakeflow<C extends Closable>(
  source: SourceDefinition<C>,
  connectionOptions: ResolvedOptions,
  runtime: Runtime,
): LakeflowConnect {
  const connection = source.connect(connectionOptions, runtime)
  const isAnonymized = anonymizerOfConnection(connection) !== null
  const find = (name: string, options: TableOptions = {}): TableRead<C> => {
    const found = findTable(source, name, options)
    if (isAnonymized && found.options.include_raw === true) throw new AnonymizeRawError(name)
    return found
  }
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
