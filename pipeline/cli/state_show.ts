import { stableStringify } from '../../libs/connect/json.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import { type ConnectionState, listState, type PartitionState } from '../destinations/duckdb/state_listing.ts'
import type { Context } from './context.ts'
import type { StateFlags } from './state.ts'
import { openState, pickConnection, pickStateTables } from './state_access.ts'

/** Characters of a cursor that a line shows: page tokens are long. */
const MOST_CURSOR = 72

/** `parley state show`: every partition with its cursor and coverage. */
export async function showState(context: Context, flags: StateFlags): Promise<void> {
  const all = await openState(context, flags, true, listState)
  const picked = flags.connectionName === undefined ? all : [pickConnection(all, flags.connectionName)]
  const tables = picked.flatMap((state) => state.tables)
  const wanted = new Set(pickStateTables(tables, flags.tables))
  const states = picked.map((state) => ({ ...state, tables: state.tables.filter((table) => wanted.has(table)) }))
  const text = flags.output === 'json' ? `${JSON.stringify({ connections: states })}\n` : formatStates(states)
  await context.io.print(text)
}

/** The state for a person. */
export function formatStates(states: readonly ConnectionState[]): string {
  if (states.length === 0) return 'No state yet.\n'
  const sections = states.flatMap(({ connection, source, account, tables }) => [
    `${connection}: ${source}, account ${account}\n`,
    ...tables.map(({ table, partitions }) => `${table}\n${formatPartitions(partitions)}`),
  ])
  return sections.join('\n')
}

function formatPartitions(partitions: readonly PartitionState[]): string {
  if (partitions.length === 0) return 'nothing read yet: the next sync begins at the beginning\n'
  const rows = partitions.map(({ partition, state, synced_until, cursor, code }) => [
    partition,
    state ?? '-',
    synced_until ?? '-',
    cursor === null ? '-' : shorten(stableStringify(cursor)),
    code ?? '',
  ])
  return textTable([['partition', 'state', 'synced until', 'cursor', 'code'], ...rows])
}

function shorten(text: string): string {
  return text.length <= MOST_CURSOR ? text : `${text.slice(0, MOST_CURSOR - 1)}…`
}
