import type { DuckDBConnection } from '@duckdb/node-api'
import { type Cursor, isCursor } from '../../../libs/connect/feed.ts'
import type { Json } from '../../../libs/connect/json.ts'
import type { Coverage, CoverageState, StoredState } from '../destination.ts'
import { StateCorruptError } from './state_corrupt_error.ts'

const STATES: readonly string[] = ['ok', 'behind', 'refused', 'gone'] satisfies CoverageState[]

/** What is stored of a connection. @throws StateCorruptError for a cursor or a line of coverage that cannot be read */
export async function loadState(db: DuckDBConnection, connection: string): Promise<StoredState> {
  return { cursors: await loadCursors(db, connection), coverage: await loadCoverage(db, connection) }
}

async function loadCursors(db: DuckDBConnection, connection: string): Promise<StoredState['cursors']> {
  const cursors: StoredState['cursors'] = new Map()
  const result = await db.runAndReadAll('SELECT job, "partition", cursor FROM parley.cursors WHERE connection = $1', [
    connection,
  ])
  for (const [job, partition, text] of result.getRows() as [string, string, string][]) {
    const cursor = parse(text)
    if (!isCursor(cursor))
      throw new StateCorruptError(`the cursor of ${job}, partition ${partition}, is none: ${start(text)}`, {
        isCursor: true,
      })
    put<Cursor>(cursors, job, partition, cursor)
  }
  return cursors
}

async function loadCoverage(db: DuckDBConnection, connection: string): Promise<StoredState['coverage']> {
  const coverage: StoredState['coverage'] = new Map()
  const result = await db.runAndReadAll(
    `SELECT job, "partition", params, state, epoch_ms(synced_until)::DOUBLE AS synced_until, code, message,
       epoch_ms(missing_since)::DOUBLE AS missing_since, run_id, EXISTS
         (FROM parley.snapshot_seen AS s WHERE s.connection = v.connection AND s.job = v.job AND s."partition" = v."partition") AS seen
     FROM parley.coverage AS v WHERE connection = $1`,
    [connection],
  )
  for (const line of result.getRowObjects() as unknown as Coverage[]) {
    const { job, partition, params, state } = line
    const stored = parse(params)
    if (typeof stored !== 'object' || stored === null || Array.isArray(stored) || stored.id !== partition)
      throw new StateCorruptError(
        `the coverage of ${job} does not say what partition ${partition} is: ${start(params)}`,
      )
    if (!STATES.includes(state))
      throw new StateCorruptError(`the coverage of ${job}, partition ${partition}, has the unknown state ${state}`)
    put(coverage, job, partition, line)
  }
  return coverage
}

/** Undefined: it is no JSON. */
function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const start = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text)

function put<T>(map: Map<string, Map<string, T>>, job: string, partition: string, value: T): void {
  const inner = map.get(job) ?? new Map<string, T>()
  map.set(job, inner.set(partition, value))
}
