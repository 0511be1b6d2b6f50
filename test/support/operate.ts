import { writeFileSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'
import type { Tenant } from './tenant.ts'

/** Holds a database file open in this process while `work` runs. */
export async function withDatabase<T>(path: string, work: (db: DuckDBConnection) => Promise<T>): Promise<T> {
  const database = await openDatabase(path, { sleep: async () => {} })
  try {
    return await work(database.connection)
  } finally {
    database.close()
  }
}

/** The rows of one query, from a file that nobody holds. */
export async function queryDatabase<T>(path: string, sql: string): Promise<T[]> {
  return withDatabase(path, async (db) => (await db.runAndReadAll(sql)).getRowObjectsJson() as T[])
}

/** Writes the tenant's connection file again, with other options. */
export function writeConnection(tenant: Tenant, options: Record<string, unknown>): void {
  const file = tenant.args[tenant.args.indexOf('--connection') + 1]!
  writeFileSync(file, JSON.stringify({ ...tenant.simulator.connection, ...options }), { mode: 0o600 })
}
