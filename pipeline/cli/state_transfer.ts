import { readFile, rename, writeFile } from 'node:fs/promises'
import { plural } from '../../libs/observe/format.ts'
import { STATE_VERSION } from '../destinations/duckdb/state.ts'
import { exportState, parseStateFile, type StateFile, writeStateFile } from '../destinations/duckdb/state_file.ts'
import { importState } from '../destinations/duckdb/state_import.ts'
import { listState, type TableState } from '../destinations/duckdb/state_listing.ts'
import { FileUnreadableError } from '../spec/file_unreadable_error.ts'
import { confirm } from './confirm.ts'
import type { Context } from './context.ts'
import type { StateFlags } from './state.ts'
import { openState, pickConnection, pickStateTables } from './state_access.ts'
import { UsageError } from './usage_error.ts'

/** `parley state export`: the state of one connection as a file. */
export async function exportToFile(context: Context, path: string | undefined, flags: StateFlags): Promise<void> {
  const file = await openState(context, flags, true, async (db) => {
    const { connection, source, account, tables } = pickConnection(await listState(db), flags.connectionName)
    const names = pickStateTables(tables, flags.tables).map(({ table }) => table)
    return exportState(db, { name: connection, source, account }, names)
  })
  const text = writeStateFile(file)
  if (path === undefined) {
    await context.io.print(text)
    return
  }
  try {
    // Beside it first: a disk that is full must not leave half a file in the place of a whole one.
    await writeFile(`${path}.new`, text)
    await rename(`${path}.new`, path)
  } catch (error) {
    throw new UsageError(
      `${path} cannot be written: ${(error as Error).message}`,
      'Name a file in a folder that may be written.',
    )
  }
  context.io.log(`${path}: ${plural(file.tables.length, 'table')} of connection ${file.connection.name}\n`)
}

/** `parley state import`: the state of a file in the place of what is there. */
export async function importFromFile(context: Context, path: string, flags: StateFlags): Promise<void> {
  const whole = parseStateFile(await readText(path), path, STATE_VERSION)
  const file = { ...whole, tables: pickFileTables(whole, flags.tables) }
  const connection = flags.connectionName ?? file.connection.name
  const names = file.tables.map(({ table }) => table).join(', ')
  const what = `Puts the state of ${file.exported_at} in the place of that of ${names}, connection ${connection}. The next sync goes on from there; rows stay as they are.`
  const tables = await openState(context, flags, false, async (db) =>
    (await confirm(context, what, flags.yes)) ? importState(db, file, path, connection) : null,
  )
  if (flags.output === 'json')
    await context.io.print(
      `${JSON.stringify(tables === null ? { done: false } : { done: true, connection, tables })}\n`,
    )
  else if (tables !== null)
    await context.io.print(
      tables.map(({ table, cursors }) => `${table}: ${plural(cursors, 'cursor')} imported\n`).join(''),
    )
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new FileUnreadableError('state file', path, error)
  }
}

function pickFileTables({ tables }: StateFile, names: readonly string[] | undefined): StateFile['tables'] {
  const described = tables.map(({ table, rows }): TableState => {
    const [job] = rows.jobs ?? []
    return { table, source_table: String(job?.source_table), scd_type: String(job?.scd_type), partitions: [] }
  })
  const picked = new Set(pickStateTables(described, names).map(({ table }) => table))
  return tables.filter(({ table }) => picked.has(table))
}
