import { Command } from 'commander'
import type { Context } from './context.ts'
import { type OutputFormat, outputFlag } from './flags.ts'
import { loadSource } from './load_source.ts'

/** `parley tables S`: the tables of a source. Needs no connection. */
export function tablesCommand(context: Context): Command {
  return new Command('tables')
    .description('list the tables of a source')
    .argument('<source>', 'for example microsoft_teams')
    .addOption(outputFlag())
    .action(async (name: string, flags: { output: OutputFormat }) => {
      const { source } = await loadSource(name)
      const tables = source.tables.map(({ name, ingestionType, primaryKeys, cursorField, description }) => ({
        name,
        ingestion_type: ingestionType,
        primary_keys: [...primaryKeys],
        cursor_field: cursorField ?? null,
        description,
      }))
      if (flags.output === 'json') await context.io.print(`${JSON.stringify(tables)}\n`)
      else {
        const { textTable } = await import('../../libs/observe/text_table.ts')
        const rows = tables.map((table) => [
          table.name,
          table.ingestion_type,
          table.primary_keys.join(', '),
          table.cursor_field ?? '-',
          table.description,
        ])
        await context.io.print(textTable([['table', 'ingestion', 'primary keys', 'cursor', 'holds'], ...rows]))
      }
    })
}
