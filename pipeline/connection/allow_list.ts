import type { SourceDefinition } from '../../libs/connect/source.ts'
import readerOptions from './reader_options.json' with { type: 'json' }

/** What pipelines, the browser of objects, agents and readers themselves set, whatever the source. */
export const FRAMEWORK_OPTIONS: readonly string[] = [
  'tableName',
  'tableNameList',
  'tableConfigs',
  'isDeleteFlow',
  'namespace',
  'namespacePrefix',
  'operation',
  'search',
  'path',
  'name',
  'metadataKey',
  'catalogName',
  'schemaName',
]

/**
 * Every option that a reader of the source may be given beside the connection's own, sorted: those that the source
 * declares for tables, those that the Spark reader understands by itself, and the framework's. Databricks lets no other
 * name through, so one that is missing here cannot be set at all.
 * @param reader the Spark reader's own; by default those that `npm run docs` found in its code
 */
export function allowedOptions(
  { options }: Pick<SourceDefinition, 'options'>,
  reader: readonly string[] = Object.keys(readerOptions),
): string[] {
  const declared = Object.keys(options).filter((name) => options[name]!.scope === 'table')
  return [...new Set([...declared, ...reader, ...FRAMEWORK_OPTIONS])].sort()
}
