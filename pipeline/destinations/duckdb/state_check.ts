import type { DuckDBConnection } from '@duckdb/node-api'
import { name } from './sql.ts'
import { StateCorruptError } from './state_corrupt_error.ts'
import { STATE_STEPS } from './state_step.ts'
import { STATE_TABLES } from './state_tables.ts'
import { comparable } from './target_table.ts'

/**
 * The version of the state in a file; null: there is none yet. A release that was killed while it made the tables may
 * have left empty ones.
 * @throws StateCorruptError where there is state, but nothing tells whose
 */
export async function stateVersion(db: DuckDBConnection): Promise<number | null> {
  const found = await columnsOf(db)
  const versions = found.has('schema_version')
    ? await db.runAndReadAll('SELECT max(version) FROM parley.schema_version')
    : null
  const version = versions?.getRows()[0]?.[0] ?? null
  if (version !== null) {
    if (typeof version === 'number' && version >= 1) return version
    throw new StateCorruptError(`parley.schema_version says ${version}, which no release wrote`)
  }
  for (const table of Object.keys(STATE_TABLES)) {
    if (!found.has(table)) continue
    const [row] = (await db.runAndReadAll(`SELECT 1 FROM parley.${name(table)} LIMIT 1`)).getRows()
    if (row !== undefined) throw new StateCorruptError(`parley.${table} has rows, and parley.schema_version has none`)
  }
  return null
}

/** @throws StateCorruptError unless every table has the columns that it has in this version */
export async function checkStateColumns(db: DuckDBConnection, version: number): Promise<void> {
  const found = await columnsOf(db)
  const later = STATE_STEPS.filter((step) => step.version > version).flatMap(({ adds }) => adds)
  for (const [table, { columns }] of Object.entries(STATE_TABLES)) {
    const held = found.get(table)
    for (const [column, declared] of Object.entries(columns)) {
      if (later.some(([ofTable, added]) => ofTable === table && added === column)) continue
      const type = held?.get(column)
      if (type === undefined) throw new StateCorruptError(`parley.${table} has no column ${column}`)
      const wanted = declared.replace(' NOT NULL', '')
      if (comparable(type) !== wanted)
        throw new StateCorruptError(`column ${column} of parley.${table} is ${type}, not ${wanted}`)
    }
  }
}

async function columnsOf(db: DuckDBConnection): Promise<Map<string, Map<string, string>>> {
  const result = await db.runAndReadAll(
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'parley'`,
  )
  const tables = new Map<string, Map<string, string>>()
  for (const [table, column, type] of result.getRows() as [string, string, string][])
    tables.set(table, (tables.get(table) ?? new Map<string, string>()).set(column, type))
  return tables
}
