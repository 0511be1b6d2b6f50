import { existsSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { isParleyError } from '../../libs/connect/error.ts'
import { processRuntime } from '../../libs/connect/process_runtime.ts'
import type { ConnectionState, TableState } from '../destinations/duckdb/state_listing.ts'
import { suggestRemedy } from '../spec/suggest.ts'
import type { DestinationAddress } from '../sync/types.ts'
import type { Context } from './context.ts'
import { parseDestination } from './destination_url.ts'
import { UsageError } from './usage_error.ts'
import { withRemedy } from './with_remedy.ts'

/** Opens the destination that a flag names. @throws UsageError where there is none, DestinationLockedError */
export async function openState<T>(
  context: Context,
  flags: { destination: string },
  readOnly: boolean,
  work: (db: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { path } = requireDatabase(parseDestination(flags.destination))
  const { withState } = await import('../destinations/duckdb/state_admin.ts')
  const { sleep } = processRuntime()
  return withState(path, { readOnly, signal: context.signals.signal, sleep }, work).catch((error: unknown) => {
    if (!isParleyError(error) || error.code !== 'PARLEY_DESTINATION_LOCKED') throw error
    throw withRemedy(error, 'Wait for it to end, or close that program, and run this again.')
  })
}

/** @throws UsageError where the file is not there: these commands make none */
export function requireDatabase(destination: DestinationAddress): DestinationAddress {
  if (existsSync(destination.path)) return destination
  throw new UsageError(
    `There is no database ${destination.path}.`,
    'Name the file with --destination duckdb:PATH, or run `parley sync` first.',
  )
}

/** The connection that is meant: the only one, or the one that is named. @throws UsageError */
export function pickConnection(states: readonly ConnectionState[], name: string | undefined): ConnectionState {
  const names = states.map(({ connection }) => connection)
  if (name === undefined) {
    if (states.length === 1) return states[0]!
    if (states.length === 0) throw new UsageError('This destination holds no state.', 'Run `parley sync` first.')
    throw new UsageError(
      `This destination holds several connections: ${names.join(', ')}.`,
      'Name one with --connection-name.',
    )
  }
  const found = states.find(({ connection }) => connection === name)
  if (found === undefined)
    throw new UsageError(`This destination has no connection ${name}.`, suggestRemedy(name, names))
  return found
}

/**
 * The tables that `--tables` means, by their name in the destination, with or without its schema, or in the source; all of them without it.
 * @throws UsageError for a name that means none
 */
export function pickStateTables(tables: readonly TableState[], names: readonly string[] | undefined): TableState[] {
  if (names === undefined) return [...tables]
  const bare = ({ table }: TableState): string => table.slice(table.indexOf('.') + 1)
  const namesOf = (table: TableState): string[] => [table.table, bare(table), table.source_table]
  for (const name of names) {
    if (tables.some((table) => namesOf(table).includes(name))) continue
    const known = [...new Set(tables.map(name.includes('.') ? ({ table }) => table : bare))]
    throw new UsageError(`--tables names ${name}, which has no state here.`, suggestRemedy(name, known))
  }
  return tables.filter((table) => names.some((name) => namesOf(table).includes(name)))
}
