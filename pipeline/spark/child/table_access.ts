import type { Schema } from 'apache-arrow'
import type { FeedDefinition } from '../../../libs/connect/feed.ts'
import { OptionInvalidError } from '../../../libs/connect/option_invalid_error.ts'
import { type ResolvedOptions, resolveOptions } from '../../../libs/connect/options.ts'
import type { SourceDefinition } from '../../../libs/connect/source.ts'
import type { TableDefinition } from '../../../libs/connect/table.ts'
import { TableUnknownError } from '../../../libs/connect/table_unknown_error.ts'
import { toArrowSchema } from '../../../libs/schema/index.ts'
import { withFacts } from './apply_facts.ts'

/** Set by `ingest`: the columns of the target's `_content_hash` as a JSON list. Rows come with what applying them takes. */
const HASHED_OPTION = 'parley_hashed'

/** A table with the feed that yields it and its checked options. */
export interface TableAccess<C> {
  table: TableDefinition
  feed: FeedDefinition<C>
  options: ResolvedOptions
  schema: Schema
  /** Not null: what the hash of its rows covers, and `schema` has the facts column. */
  hashed: string[] | null
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
  const schema = toArrowSchema(table.schema, { includeRaw: options.include_raw === true })
  const hashed = hashedColumns(raw[HASHED_OPTION], schema)
  return { table, feed, options, schema: hashed === null ? schema : withFacts(schema), hashed }
}

function hashedColumns(text: string | undefined, { fields }: Schema): string[] | null {
  if (text === undefined) return null
  const names: unknown = JSON.parse(text)
  const isColumn = (name: unknown) => fields.some((field) => field.name === name)
  if (Array.isArray(names) && names.every(isColumn)) return names as string[]
  throw new OptionInvalidError(HASHED_OPTION, text, 'a JSON list of columns', 'table')
}
