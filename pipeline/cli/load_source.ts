import type { SourceDefinition } from '../../libs/connect/source.ts'
import type { TableDefinition } from '../../libs/connect/table.ts'
import { TableUnknownError } from '../../libs/connect/table_unknown_error.ts'
import { type SourceModule, sources } from '../../sources/registry.ts'
import { suggestRemedy } from '../spec/suggest.ts'
import { UsageError } from './usage_error.ts'
import { withRemedy } from './with_remedy.ts'

export const sourceNames: readonly string[] = Object.keys(sources).sort()

/** @throws UsageError for a source that the registry does not have */
export async function loadSource(name: string): Promise<SourceModule> {
  const load = Object.hasOwn(sources, name) ? sources[name] : undefined
  if (load === undefined) throw new UsageError(`There is no source ${name}.`, suggestRemedy(name, sourceNames))
  return load()
}

/** @throws TableUnknownError for a table that the source does not have */
export function findTable(source: SourceDefinition, name: string): TableDefinition {
  const table = source.tables.find((candidate) => candidate.name === name)
  if (table !== undefined) return table
  const names = source.tables.map((candidate) => candidate.name)
  throw withRemedy(new TableUnknownError(name, source.name, names), suggestRemedy(name, names))
}
