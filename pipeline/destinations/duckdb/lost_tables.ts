import type { DuckDBConnection } from '@duckdb/node-api'

const STATE_OF_JOB = ['coverage', 'snapshot_seen', 'jobs'] as const

/** Jobs that have state while their table is not there: somebody renamed or dropped it. */
export async function lostJobs(db: DuckDBConnection): Promise<string[]> {
  const found = await db.runAndReadAll(
    `SELECT DISTINCT job FROM parley.jobs WHERE lower(job) NOT IN
       (SELECT lower(schema_name || '.' || table_name) FROM duckdb_columns() WHERE database_name = current_database())
     ORDER BY job`,
  )
  return (found.getRows() as [string][]).map(([job]) => job)
}

/**
 * Forgets what was read into tables that are not there, by whichever connection: cursors that went on would leave the new
 * table without all that the old one held. What was set aside in the quarantine stays.
 *
 * @returns those of the wanted jobs that had been read
 */
export async function forgetLostTables(db: DuckDBConnection, wanted: readonly string[]): Promise<string[]> {
  const names = new Set(wanted.map((job) => job.toLowerCase()))
  const read: string[] = []
  for (const job of await lostJobs(db)) {
    if (!names.has(job.toLowerCase())) continue
    const cursors = await db.run('DELETE FROM parley.cursors WHERE job = $1', [job])
    for (const table of STATE_OF_JOB) await db.run(`DELETE FROM parley.${table} WHERE job = $1`, [job])
    if (cursors.rowsChanged > 0) read.push(job)
  }
  return read
}
