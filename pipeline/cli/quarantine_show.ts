import { printable } from '../../libs/observe/format.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import {
  countQuarantine,
  type QuarantineCount,
  type QuarantineFilter,
  type QuarantineRow,
  readQuarantine,
} from '../destinations/duckdb/quarantine_list.ts'
import type { Context } from './context.ts'
import type { QuarantineFlags } from './quarantine.ts'
import { openState } from './state_access.ts'

/** Characters of a row that the text shows; `--output json` has all of it. */
const MOST_ROW = 2_000

/** `parley quarantine list`. */
export async function listQuarantine(context: Context, flags: QuarantineFlags): Promise<void> {
  const counts = await openState(context, flags, true, (db) => countQuarantine(db, filterOf(flags)))
  await context.io.print(flags.output === 'json' ? `${JSON.stringify({ quarantine: counts })}\n` : formatCounts(counts))
}

/** `parley quarantine show`. */
export async function showQuarantine(context: Context, flags: QuarantineFlags): Promise<void> {
  const rows = await openState(context, flags, true, (db) => readQuarantine(db, filterOf(flags), flags.limit))
  await context.io.print(flags.output === 'json' ? `${JSON.stringify({ rows })}\n` : formatRows(rows))
}

function filterOf({ connectionName, tables }: QuarantineFlags): QuarantineFilter {
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
