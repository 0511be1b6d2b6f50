import { plural } from '../../libs/observe/format.ts'
import { listState } from '../destinations/duckdb/state_listing.ts'
import { type ResetTable, resetTables } from '../destinations/duckdb/state_reset.ts'
import { confirm } from './confirm.ts'
import type { Context } from './context.ts'
import type { StateFlags } from './state.ts'
import { openState, pickConnection, pickStateTables } from './state_access.ts'

/** `parley state reset`: the next sync reads these tables from the beginning. */
export async function resetState(context: Context, flags: StateFlags): Promise<void> {
  // The file is held while the question stands: what was asked about is what is done.
  const done = await openState(context, flags, false, async (db) => {
    const state = pickConnection(await listState(db), flags.connectionName)
    const tables = pickStateTables(state.tables, flags.tables).map(({ table }) => table)
    const what = `Resets ${tables.join(', ')} of connection ${state.connection}: cursors are removed, and the next sync reads everything again. Rows stay.`
    if (tables.length > 0 && !(await confirm(context, what, flags.yes))) return null
    return { connection: state.connection, tables: await resetTables(db, state.connection, tables) }
  })
  if (flags.output === 'json')
    await context.io.print(`${JSON.stringify(done === null ? { done: false } : { done: true, ...done })}\n`)
  else if (done !== null) await context.io.print(formatReset(done.tables))
}

function formatReset(tables: readonly ResetTable[]): string {
  if (tables.length === 0) return 'There is nothing to reset.\n'
  return tables.map(({ table, cursors }) => `${table}: ${plural(cursors, 'cursor')} removed\n`).join('')
}
