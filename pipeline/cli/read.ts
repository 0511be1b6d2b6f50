import type { RecordBatch, Schema } from 'apache-arrow'
import { Command, Option } from 'commander'
import type { LakeflowConnect } from '../../libs/connect/lakeflow.ts'
import type { SpecNotice } from '../spec/notice.ts'
import { startsAhead } from '../spec/starts_ahead.ts'
import type { Context } from './context.ts'
import { type ConnectionFlags, connectionFlag, connectionNameFlag, tableOptionFlag, wholeNumber } from './flags.ts'
import { findTable, loadSource } from './load_source.ts'
import { resolveTableOptions } from './table_options.ts'

interface ReadFlags extends ConnectionFlags {
  limit?: number
  format: 'ndjson' | 'arrow'
  option: Record<string, string>
}

/** `parley read S T`: the rows of a table on stdout. Keeps no state: every call begins at the beginning. */
export function readCommand(context: Context): Command {
  return new Command('read')
    .description('print the rows of a table')
    .argument('<source>', 'for example microsoft_teams')
    .argument('<table>', 'as `parley tables` lists it')
    .option('--limit <n>', 'end after this many rows', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .addOption(new Option('--format <format>', 'arrow is an IPC stream').choices(['ndjson', 'arrow']).default('ndjson'))
    .addOption(tableOptionFlag())
    .addOption(connectionFlag())
    .addOption(connectionNameFlag())
    .action((source: string, table: string, flags: ReadFlags) => read(context, source, table, flags))
}

async function read(context: Context, name: string, tableName: string, flags: ReadFlags): Promise<void> {
  const { source } = await loadSource(name)
  const table = findTable(source, tableName)
  const notices: SpecNotice[] = []
  const resolved = resolveTableOptions(source, flags.option, (notice) => notices.push(notice))
  for (const message of startsAhead(source.options, table, resolved, Date.now()))
    notices.push({ code: 'PARLEY_START_AHEAD', message, file: '', line: 0 })
  const [{ openSource }, { emitNotices }, { commandRuntime }, { lakeflow }] = await Promise.all([
    import('./open_source.ts'),
    import('./observing.ts'),
    import('./runtime.ts'),
    import('../../libs/connect/lakeflow.ts'),
  ])
  const { options, observing } = await openSource(context, source, flags)
  emitNotices(notices, observing.observer)
  const connector = lakeflow(source, options, commandRuntime(observing.observer))
  try {
    await printTable(context, connector, table.name, flags)
  } finally {
    observing.close()
    await connector.close()
  }
}

async function printTable(
  context: Context,
  connector: LakeflowConnect,
  table: string,
  flags: ReadFlags,
): Promise<void> {
  const limit = flags.limit === undefined ? {} : { limit: { maxRecords: flags.limit } }
  const batches = connector.readTable(table, null, flags.option, { signal: context.signals.signal, ...limit })
  const records = takeRows(batches, flags.limit)
  if (flags.format === 'ndjson') await printRows(context, records)
  else await printArrow(context, await connector.getTableSchema(table, flags.option), records)
}

/** A read ends with the page that reaches the limit; the rows beyond it are cut off here. */
async function* takeRows(
  batches: AsyncIterable<{ records: RecordBatch[] }>,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<RecordBatch> {
  // Loaded here, as all of arrow is: other commands start faster without it.
  const { firstRows } = await import('../../libs/schema/first_rows.ts')
  let left = limit
  for await (const { records } of batches) {
    for (const batch of records) {
      if (left <= 0) return
      yield batch.numRows <= left ? batch : firstRows(batch, left)
      left -= batch.numRows
    }
  }
}

async function printRows({ io }: Context, records: AsyncIterable<RecordBatch>): Promise<void> {
  const { jsonRows } = await import('./ndjson_rows.ts')
  for await (const batch of records) {
    let text = ''
    for (const row of jsonRows(batch)) text += `${JSON.stringify(row)}\n`
    if (text !== '' && !(await io.print(text))) return
  }
}

async function printArrow({ io }: Context, schema: Schema, records: AsyncIterable<RecordBatch>): Promise<void> {
  const { ipcChunks } = await import('../../libs/schema/ipc.ts')
  for await (const chunks of ipcChunks(schema, records)) {
    for (const chunk of chunks) if (!(await io.print(chunk))) return
  }
}
