import type { DuckDBConnection } from '@duckdb/node-api'
import type { ConnectionIdentity } from '../destination.ts'
import { claimAnonymization } from './anonymization.ts'
import { ConnectionChangedError } from './connection_changed_error.ts'
import { name } from './sql.ts'
import { checkStateColumns, stateVersion } from './state_check.ts'
import { StateNewerError } from './state_newer_error.ts'
import { STATE_STEPS, STATE_VERSION } from './state_step.ts'
import { STATE_TABLES } from './state_tables.ts'

export { STATE_VERSION } from './state_step.ts'

/**
 * Creates the state tables, or brings those of an older release up to this one. What it refuses it leaves as it is.
 * @throws StateNewerError when a newer release wrote them, StateCorruptError when they are damaged
 */
export async function createState(db: DuckDBConnection): Promise<void> {
  const version = await stateVersion(db)
  if (version === null) {
    await db.run(`CREATE SCHEMA IF NOT EXISTS parley;\n${Object.keys(STATE_TABLES).map(tableSql).join(';\n')}`)
    // An older release that was killed while it made them has left tables of its own shape.
    for (const step of STATE_STEPS) await db.run(step.sql)
    await checkStateColumns(db, STATE_VERSION)
    await db.run(`INSERT INTO parley.schema_version VALUES (${STATE_VERSION}, now())`)
    return
  }
  if (version > STATE_VERSION) throw new StateNewerError(version, STATE_VERSION)
  await checkStateColumns(db, version)
  for (const step of STATE_STEPS.filter((one) => one.version > version)) {
    await db.run(step.sql)
    await db.run(`INSERT INTO parley.schema_version VALUES (${step.version}, now())`)
  }
}

function tableSql(table: string): string {
  const { columns, key } = STATE_TABLES[table]!
  const definitions = Object.entries(columns).map(([column, type]) => `${name(column)} ${type}`)
  if (key.length > 0) definitions.push(`PRIMARY KEY (${key.map(name).join(', ')})`)
  return `CREATE TABLE IF NOT EXISTS parley.${name(table)} (${definitions.join(', ')})`
}

/**
 * Answers the other connections of this account where the name is new; else none.
 * @throws ConnectionChangedError when the name belongs to another account: its cursors would be taken for this one's;
 *   AnonymizeChangedError when its rows were anonymized otherwise
 */
export async function claimConnection(
  db: DuckDBConnection,
  { name, source, account, anonymization = null }: ConnectionIdentity,
): Promise<string[]> {
  const claimed = await db.run(
    'INSERT OR IGNORE INTO parley.connections (connection, source, account, anonymization) VALUES ($1, $2, $3, $4)',
    [name, source, account, anonymization],
  )
  const stored = await db.runAndReadAll('SELECT source, account FROM parley.connections WHERE connection = $1', [name])
  const [row] = stored.getRows() as [string, string][]
  if (row?.[0] !== source || row[1] !== account)
    throw new ConnectionChangedError(name, `${row?.[0]} ${row?.[1]}`, `${source} ${account}`)
  await claimAnonymization(db, name, anonymization)
  if (claimed.rowsChanged === 0) return []
  const others = await db.runAndReadAll(
    'SELECT connection FROM parley.connections WHERE source = $1 AND account = $2 AND connection <> $3 ORDER BY ALL',
    [source, account, name],
  )
  return others.getRows().map(([other]) => String(other))
}

/** Whoever has the file open is its only process: a run that still says `running` was killed. */
export async function closeKilledRuns(db: DuckDBConnection): Promise<void> {
  await db.run(`UPDATE parley.runs SET status = 'killed' WHERE status = 'running'`)
}
