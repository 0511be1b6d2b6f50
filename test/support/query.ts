import { openDatabase } from '../../pipeline/destinations/duckdb/database.ts'

/** The rows of a query on a DuckDB file that nobody has open, as JSON values. */
export async function query<T = Record<string, unknown>>(path: string, sql: string): Promise<T[]> {
  const database = await openDatabase(path, { sleep: async () => {}, readOnly: true })
  try {
    return (await database.connection.runAndReadAll(sql)).getRowObjectsJson() as T[]
  } finally {
    database.close()
  }
}
