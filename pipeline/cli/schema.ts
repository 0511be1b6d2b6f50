import { Command, Option } from 'commander'
import type { SchemaOptions, StructType } from '../../libs/schema/index.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { Context } from './context.ts'
import { tableOptionFlag } from './flags.ts'
import { findTable, loadSource } from './load_source.ts'
import { resolveTableOptions } from './table_options.ts'

type SchemaFormat = 'arrow' | 'spark' | 'duckdb'

/** `parley schema S T`: the columns of a table. Needs no connection. */
export function schemaCommand(context: Context): Command {
  return new Command('schema')
    .description('show the columns of a table')
    .argument('<source>', 'for example microsoft_teams')
    .argument('<table>', 'as `parley tables` lists it')
    .addOption(new Option('--format <format>', 'whose types').choices(['arrow', 'spark', 'duckdb']).default('arrow'))
    .addOption(tableOptionFlag())
    .action(
      async (
        sourceName: string,
        tableName: string,
        flags: { format: SchemaFormat; option: Record<string, string> },
      ) => {
        const { source } = await loadSource(sourceName)
        const table = findTable(source, tableName)
        const notices: SpecNotice[] = []
        const resolved = resolveTableOptions(source, flags.option, (notice) => notices.push(notice))
        if (notices.length > 0) await sayNotices(context, notices)
        await context.io.print(
          await formatSchema(table.schema, flags.format, { includeRaw: resolved.include_raw === true }),
        )
      },
    )
}

async function sayNotices(context: Context, notices: readonly SpecNotice[]): Promise<void> {
  const { emitNotices, startObserving } = await import('./observing.ts')
  const { observer, close } = startObserving(context, { progress: 'warnings' })
  emitNotices(notices, observer)
  close()
}

async function formatSchema(schema: StructType, format: SchemaFormat, options: SchemaOptions): Promise<string> {
  const { duckDbColumns, quoteDuckDb, sparkDdl, toArrowSchema } = await import('../../libs/schema/index.ts')
  if (format === 'spark') return `${sparkDdl(schema, options)}\n`
  if (format === 'duckdb') {
    const columns = duckDbColumns(schema, options)
    return columns
      .map(({ name, type, nullable }) => `${quoteDuckDb(name)} ${type}${nullable ? '' : ' NOT NULL'}\n`)
      .join('')
  }
  return toArrowSchema(schema, options)
    .fields.map((field) => `${field.name}: ${field.type}${field.nullable ? '' : ' not null'}\n`)
    .join('')
}
