import { createHash } from 'node:crypto'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Json, type JsonObject, stableStringify } from '../../../libs/connect/json.ts'
import { heldAnonymization } from './anonymization.ts'
import { name } from './sql.ts'
import { query } from './state_admin.ts'
import { StateFileInvalidError } from './state_file_invalid_error.ts'
import { StateFileNewerError } from './state_file_newer_error.ts'

/** The shape of the file, apart from the version of the state in it. */
export const STATE_FILE_VERSION = 1
const FORMAT = 'parley-state'

/** One table's state: rows by state table (`cursors`, `coverage` …), without the connection's name. */
export interface StateFileTable {
  /** `schema.table` of the destination. */
  table: string
  rows: { [stateTable: string]: JsonObject[] }
}

/** What `parley state export` writes. Times are text in UTC. */
export interface StateFile {
  format: typeof FORMAT
  v: typeof STATE_FILE_VERSION
  /** Of the state tables that were exported. */
  state_version: number
  /** ISO 8601, UTC. */
  exported_at: string
  /** `anonymization` is absent where persons are stored as they are, as in files of older releases. */
  connection: { name: string; source: string; account: string; anonymization?: string }
  tables: StateFileTable[]
}

/** A table of the schema `parley` that holds rows of one connection and destination table. */
export interface StateTable {
  name: string
  /** Without `connection`. */
  columns: { name: string; type: string }[]
}

/**
 * The state tables that a table's state is made of, whatever release made them. Rows that were kept aside are
 * data, not state, and stay where they are.
 */
export async function stateTables(db: DuckDBConnection): Promise<StateTable[]> {
  const lines = await query<{ table: string; column: string; type: string }>(
    db,
    `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'parley' AND table_name <> 'quarantine'
     ORDER BY table_name, column_index`,
  )
  return [...Map.groupBy(lines, ({ table }) => table)]
    .filter(([, columns]) => ['connection', 'job'].every((own) => columns.some(({ column }) => column === own)))
    .map(([table, columns]) => ({
      name: table,
      columns: columns
        .filter(({ column }) => column !== 'connection')
        .map(({ column, type }) => ({ name: column, type })),
    }))
}

/** Reads the state of tables of one connection. */
export async function exportState(
  db: DuckDBConnection,
  connection: StateFile['connection'],
  tables: readonly string[],
): Promise<StateFile> {
  const [version] = await query<{ v: number }>(db, 'SELECT max(version)::INTEGER AS v FROM parley.schema_version')
  const anonymization = await heldAnonymization(db, connection.name)
  const file: StateFile = {
    format: FORMAT,
    v: STATE_FILE_VERSION,
    state_version: version!.v,
    exported_at: new Date().toISOString(),
    connection: anonymization === null ? connection : { ...connection, anonymization },
    tables: [],
  }
  const parts = await stateTables(db)
  for (const table of tables) {
    const rows: StateFileTable['rows'] = {}
    for (const part of parts) {
      const lines = await query<{ line: string }>(
        db,
        `SELECT to_json(t)::VARCHAR AS line FROM
           (SELECT * EXCLUDE (connection) FROM parley.${name(part.name)} WHERE connection = $1 AND job = $2 ORDER BY ALL) AS t`,
        [connection.name, table],
      )
      rows[part.name] = lines.map(({ line }) => JSON.parse(line) as JsonObject)
    }
    file.tables.push({ table, rows })
  }
  return file
}

/** The file's text: JSON with a digest, so that a damaged or edited file is not taken for state. */
export function writeStateFile(file: StateFile): string {
  return `${JSON.stringify({ ...file, sha256: digestOf(file) })}\n`
}

/** @param path for messages @throws StateFileInvalidError, StateFileNewerError */
export function parseStateFile(text: string, path: string, knownVersion: number): StateFile {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new StateFileInvalidError(path, 'it is not JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || (parsed as Partial<StateFile>).format !== FORMAT)
    throw new StateFileInvalidError(path, 'it was not written by `parley state export`')
  const { sha256, ...file } = parsed as StateFile & { sha256?: unknown }
  const { v, state_version } = file as { v: unknown; state_version: unknown }
  if (typeof v !== 'number' || typeof state_version !== 'number')
    throw new StateFileInvalidError(path, 'it has no version')
  if (v > STATE_FILE_VERSION || state_version > knownVersion)
    throw new StateFileNewerError(path, { v, state_version }, { v: STATE_FILE_VERSION, state_version: knownVersion })
  if (sha256 !== digestOf(file)) throw new StateFileInvalidError(path, 'its content does not match its digest')
  return file
}

function digestOf(file: StateFile): string {
  return createHash('sha256')
    .update(stableStringify(file as unknown as Json))
    .digest('hex')
}
