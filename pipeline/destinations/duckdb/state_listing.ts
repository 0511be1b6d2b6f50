import type { DuckDBConnection } from '@duckdb/node-api'
import type { Json } from '../../../libs/connect/json.ts'
import type { CoverageState } from '../destination.ts'
import { hasState, query } from './state_admin.ts'

/** What is stored of one partition of a table. */
export interface PartitionState {
  partition: string
  /** Null for a partition that has a cursor only, or was read with another one. */
  state: CoverageState | null
  /** ISO 8601, UTC. */
  synced_until: string | null
  code: string | null
  message: string | null
  /** Null: it is read from the beginning. A text: it is damaged, and `state reset` helps. */
  cursor: Json
}

export interface TableState {
  /** `schema.table` of the destination. */
  table: string
  source_table: string
  scd_type: string
  partitions: PartitionState[]
}

export interface ConnectionState {
  connection: string
  source: string
  /** The account at the source: a tenant, a bot … */
  account: string
  tables: TableState[]
}

const TABLES = `
  SELECT c.connection, c.source, c.account, j.job, j.source_table, j.scd_type
  FROM parley.connections AS c LEFT JOIN parley.jobs AS j USING (connection) ORDER BY c.connection, j.job`

const PARTITIONS = `
  SELECT connection, job, "partition", v.state, strftime(v.synced_until, '%Y-%m-%dT%H:%M:%S.%gZ') AS synced_until, v.code, v.message, u.cursor
  FROM parley.coverage AS v FULL JOIN parley.cursors AS u USING (connection, job, "partition")
  ORDER BY ALL`

interface TableLine {
  connection: string
  source: string
  account: string
  job: string | null
  source_table: string
  scd_type: string
}
type PartitionLine = Omit<PartitionState, 'cursor'> & { connection: string; job: string; cursor: string | null }

/** Everything that the state says, by connection and table. */
export async function listState(db: DuckDBConnection): Promise<ConnectionState[]> {
  if (!(await hasState(db))) return []
  const connections = new Map<string, ConnectionState>()
  const tables = new Map<string, TableState>()
  for (const { connection, source, account, job, source_table, scd_type } of await query<TableLine>(db, TABLES)) {
    const found = connections.get(connection) ?? { connection, source, account, tables: [] }
    connections.set(connection, found)
    if (job === null) continue
    const table: TableState = { table: job, source_table, scd_type, partitions: [] }
    found.tables.push(table)
    tables.set(JSON.stringify([connection, job]), table)
  }
  for (const { connection, job, cursor, ...line } of await query<PartitionLine>(db, PARTITIONS)) {
    tables.get(JSON.stringify([connection, job]))?.partitions.push({ ...line, cursor: parse(cursor) })
  }
  return [...connections.values()]
}

function parse(cursor: string | null): Json {
  try {
    return cursor === null ? null : (JSON.parse(cursor) as Json)
  } catch {
    return cursor
  }
}
