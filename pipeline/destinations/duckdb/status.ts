import type { RunResult, StatusReport } from '../../sync/types.ts'
import { openDatabase } from './database.ts'

/** ISO 8601 in UTC: the session's time zone is UTC. */
const iso = (column: string) => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`

const RUNS = `SELECT run_id, connection, source, status, ${iso('started_at')} AS started_at, ${iso('completed_at')} AS completed_at, result FROM parley.runs ORDER BY runs.started_at DESC LIMIT 10`

const COVERAGE = `
  SELECT connection, job AS "table",
    count(*) FILTER (state = 'ok')::INTEGER AS ok, count(*) FILTER (state = 'behind')::INTEGER AS behind,
    count(*) FILTER (state = 'refused')::INTEGER AS refused, count(*) FILTER (state = 'gone')::INTEGER AS gone,
    ${iso("min(synced_until) FILTER (state IN ('ok', 'behind'))")} AS synced_until
  FROM parley.coverage GROUP BY ALL ORDER BY ALL`

const PROBLEMS = `
  SELECT connection, job AS "table", "partition", state, ${iso('synced_until')} AS synced_until, code, message
  FROM parley.coverage WHERE state IN ('behind', 'refused') ORDER BY ALL LIMIT 100`

const QUARANTINE = `SELECT connection, job AS "table", count(*)::INTEGER AS "rows" FROM parley.quarantine GROUP BY ALL ORDER BY ALL`

/**
 * What the state tables of a file say, for `parley status`. Opens the file read-only.
 * @throws DestinationLockedError while a run holds it, DestinationUnavailableError where there is none
 */
export async function readStatus(path: string): Promise<StatusReport> {
  const database = await openDatabase(path, { readOnly: true, sleep: async () => {} })
  try {
    const query = async (sql: string) => (await database.connection.runAndReadAll(sql)).getRowObjectsJson() as never[]
    const known = await query(`SELECT 1 FROM duckdb_tables() WHERE schema_name = 'parley' AND table_name = 'runs'`)
    if (known.length === 0) return { runs: [], coverage: [], problems: [], quarantine: [] }
    return {
      runs: (await query(RUNS)).map(withError),
      coverage: await query(COVERAGE),
      problems: await query(PROBLEMS),
      quarantine: await query(QUARANTINE),
    }
  } finally {
    database.close()
  }
}

/** The error of the run itself, from its stored result: those of partitions are in coverage. */
function withError({
  result,
  ...run
}: StatusReport['runs'][number] & { result: string | null }): StatusReport['runs'][number] {
  const errors = result === null ? [] : (JSON.parse(result) as Pick<RunResult, 'errors'>).errors
  // Who runs, holds the file: it could not have been opened.
  const status = run.status === 'running' ? 'killed' : run.status
  const ending = errors.find(({ partition }) => partition === null)
  return { ...run, status, error: ending === undefined ? null : { code: ending.code, message: ending.message } }
}
