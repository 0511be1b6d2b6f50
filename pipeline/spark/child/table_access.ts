import type { Schema } from 'apache-arrow'
import type { FeedDefinition } from '../../../libs/connect/feed.ts'
import { type ResolvedOptions, resolveOptions } from '../../../libs/connect/options.ts'
import type { SourceDefinition } from '../../../libs/connect/source.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { TableUnknownError } from '../../../libs/connect/table_unknown_error.ts'
import { toArrowSchema } from '../../../libs/schema/index.ts'

/** A table with the feed that yields it and its checked options. */
export interface TableAccess<C> {
  table: TableDefinition
  feed: FeedDefinition<C>
  options: ResolvedOptions
  schema: Schema
}

/** @throws TableUnknownError, and OptionInvalidError for a table option */
export function findTable<C>(
  source: Pick<SourceDefinition, 'name' | 'options' | 'tables'> & { feeds: readonly FeedDefinition<C>[] },
  name: string,
  raw: Readonly<Record<string, string>>,
): TableAccess<C> {
  const table = source.tables.find((one) => one.name === name)
  const feed = source.feeds.find((one) => one.tables.includes(name))
  if (table === undefined || feed === undefined) {
    const names = source.tables.map((one) => one.name)
    throw new TableUnknownError(name, source.name, names)
  }
  // Spark hands over connection and table options in one bag, with its own names among them.
  const options = resolveOptions(source.options, raw, { scope: 'table', unknown: 'ignore' })
  return { table, feed, options, schema: toArrowSchema(table.schema, { includeRaw: options.include_raw === true }) }
}
