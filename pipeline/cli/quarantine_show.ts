import type { DuckDBConnection } from '@duckdb/node-api'
import { printable } from '../../libs/observe/format.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import {
  countQuarantine,
  type QuarantineCount,
  type QuarantineFilter,
  type QuarantineRow,
  readQuarantine,
} from '../destinations/duckdb/quarantine_list.ts'
import { listState } from '../destinations/duckdb/state_listing.ts'
import type { Context } from './context.ts'
import type { QuarantineFlags } from './quarantine.ts'
import { openState, pickConnection, pickStateTables } from './state_access.ts'

/** Characters of a row that the text shows; `--output json` has all of it. */
const MOST_ROW = 2_000

/** `parley quarantine list`. */
export async function listQuarantine(context: Context, flags: QuarantineFlags): Promise<void> {
  const counts = await openState(context, flags, true, async (db) => countQuarantine(db, await filterOf(db, flags)))
  await context.io.print(flags.output === 'json' ? `${JSON.stringify({ quarantine: counts })}\n` : formatCounts(counts))
}

/** `parley quarantine show`. */
export async function showQuarantine(context: Context, flags: QuarantineFlags): Promise<void> {
  const rows = await openState(context, flags, true, async (db) =>
    readQuarantine(db, await filterOf(db, flags), flags.limit),
  )
  await context.io.print(flags.output === 'json' ? `${JSON.stringify({ rows })}\n` : formatRows(rows))
}

/** @throws UsageError for a connection or a table that the state does not know: nothing found would look like nothing kept */
async function filterOf(db: DuckDBConnection, { connectionName, tables }: QuarantineFlags): Promise<QuarantineFilter> {
  const all = await listState(db)
  const picked = connectionName === undefined ? all : [pickConnection(all, connectionName)]
  pickStateTables(
    picked.flatMap((state) => state.tables),
    tables,
  )
  return {
    ...(connectionName === undefined ? {} : { connection: connectionName }),
    ...(tables === undefined ? {} : { tables }),
  }
}

const NONE = 'No rows are kept aside.\n'

function formatCounts(counts: readonly QuarantineCount[]): string {
  if (counts.length === 0) return NONE
  const rows = counts.map(({ table, connection, code, rows, first_at, last_at }) => [
    table,
    connection,
    code,
    rows,
    first_at,
    last_at,
  ])
  return textTable([['table', 'connection', 'code', 'rows', 'first', 'last'], ...rows])
}

function formatRows(rows: readonly QuarantineRow[]): string {
  if (rows.length === 0) return NONE
  const texts = rows.map(({ table, partition, quarantined_at, code, message, row }) => {
    const shown = row.length <= MOST_ROW ? row : `${row.slice(0, MOST_ROW - 1)}…`
    return `${quarantined_at} ${table}, partition ${partition}\n${code}: ${message}\n${shown}\n`
  })
  return printable(texts.join('\n'))
}
