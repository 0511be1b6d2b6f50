import type { DuckDBConnection } from '@duckdb/node-api'
import { isCursor } from '../../../libs/connect/feed.ts'
import type { Json, JsonObject } from '../../../libs/connect/json.ts'
import { literal, name } from './sql.ts'
import { claimConnection } from './state.ts'
import { inTransaction, query } from './state_admin.ts'
import { type StateFile, type StateFileTable, type StateTable, stateTables } from './state_file.ts'
import { StateFileInvalidError } from './state_file_invalid_error.ts'
import { StateForeignError } from './state_foreign_error.ts'
import { markReset } from './state_reset.ts'

/** Members of a job that say whose state it is; the others (what a hash covers) belong to the rows that are there. */
const IDENTITY = ['source_table', 'scd_type', 'primary_keys'] as const

export interface ImportedTable {
  table: string
  cursors: number
}

/**
 * Puts the state of a file in the place of what is stored of its tables: all of it or nothing.
 *
 * @param connection the name to store it under
 * @throws StateForeignError, StateFileInvalidError, ConnectionChangedError, AnonymizeChangedError, WriteFailedError
 */
export async function importState(
  db: DuckDBConnection,
  file: StateFile,
  path: string,
  connection: string,
): Promise<ImportedTable[]> {
  const parts = await stateTables(db)
  return inTransaction(db, async () => {
    await claimConnection(db, { ...file.connection, name: connection })
    const done: ImportedTable[] = []
    for (const table of file.tables) {
      checkRows(table, parts, path)
      await checkTarget(db, table, connection, path)
      const later = await partitionsBeyond(db, table, connection)
      for (const part of parts) await replaceRows(db, part, table, connection)
      await markReset(db, connection, table.table, later)
      done.push({ table: table.table, cursors: table.rows.cursors?.length ?? 0 })
    }
    return done
  })
}

/** The file's digest is right, but the release that wrote it may have known less, or more, than this one. */
function checkRows({ table, rows }: StateFileTable, parts: readonly StateTable[], path: string): void {
  for (const [part, lines] of Object.entries(rows)) {
    const known = new Set(parts.find((one) => one.name === part)?.columns.map((column) => column.name))
    for (const line of lines) {
      const strange = Object.keys(line).find((column) => !known.has(column))
      if (strange !== undefined) throw new StateFileInvalidError(path, `${part} of ${table} has an unknown ${strange}`)
      if (line.job !== table) throw new StateFileInvalidError(path, `${part} of ${table} has a row of ${line.job}`)
    }
  }
  for (const { partition, cursor } of rows.cursors ?? [])
    if (!isStoredCursor(cursor))
      throw new StateFileInvalidError(path, `${table} has no cursor in partition ${partition}`)
  if (rows.jobs?.length !== 1) throw new StateFileInvalidError(path, `it does not say what ${table} is`)
}

function isStoredCursor(text: Json | undefined): boolean {
  try {
    return isCursor(JSON.parse(String(text)) as Json)
  } catch {
    return false
  }
}

/** The rows that the state stands for must be there, and be of the same kind. */
async function checkTarget(
  db: DuckDBConnection,
  { table, rows }: StateFileTable,
  connection: string,
  path: string,
): Promise<void> {
  const [target] = await query(
    db,
    `SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name || '.' || table_name = $1`,
    [table],
  )
  if (target === undefined) throw new StateForeignError(path, `there is no table ${table}`)
  const [held] = await query<JsonObject>(db, 'SELECT * FROM parley.jobs WHERE connection = $1 AND job = $2', [
    connection,
    table,
  ])
  const [given] = rows.jobs!
  for (const member of IDENTITY)
    if (held !== undefined && held[member] !== given![member])
      throw new StateForeignError(path, `${table} has ${member} ${held[member]} here and ${given![member]} there`)
}

/** Partitions that rows are here of, and that the file does not know yet: they stay known, and are read from the beginning. */
async function partitionsBeyond(
  db: DuckDBConnection,
  { table, rows }: StateFileTable,
  connection: string,
): Promise<string[]> {
  const told = new Set((rows.coverage ?? []).map(({ partition }) => partition))
  const held = await query<{ partition: string }>(
    db,
    'SELECT "partition" FROM parley.coverage WHERE connection = $1 AND job = $2',
    [connection, table],
  )
  return held.map(({ partition }) => partition).filter((partition) => !told.has(partition))
}

/** State that rows hang on, which are here whatever the file says: what it does not name stays. */
const KEPT: ReadonlySet<string> = new Set(['jobs', 'coverage', 'snapshot_seen'])

async function replaceRows(
  db: DuckDBConnection,
  part: StateTable,
  { table, rows }: StateFileTable,
  connection: string,
): Promise<void> {
  const key = [connection, table]
  // What a content hash covers was fixed when the rows were written: the job that is there stays.
  const isJobs = part.name === 'jobs'
  if (!KEPT.has(part.name))
    await db.run(`DELETE FROM parley.${name(part.name)} WHERE connection = $1 AND job = $2`, key)
  const lines = rows[part.name] ?? []
  if (lines.length === 0) return
  const shape = part.columns.map((column) => `${JSON.stringify(column.name)}:${JSON.stringify(column.type)}`)
  await db.run(
    `INSERT OR ${isJobs ? 'IGNORE' : 'REPLACE'} INTO parley.${name(part.name)} BY NAME
     SELECT $1 AS connection, x.* FROM (SELECT unnest(from_json($2::JSON, ${literal(`[{${shape.join(',')}}]`)})) AS x)`,
    [connection, JSON.stringify(lines)],
  )
}
