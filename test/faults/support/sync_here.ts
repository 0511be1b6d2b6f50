import { resolveOptions } from '../../../libs/connect/options.ts'
import type { Runtime } from '../../../libs/connect/source.ts'
import type { Event } from '../../../libs/observe/events.ts'
import { seededRandom } from '../../../libs/simulator/random.ts'
import { exitCodeOfError, exitCodeOfResult } from '../../../pipeline/cli/exit_code.ts'
import { runSync } from '../../../pipeline/sync/index.ts'
import type { RunResult, SyncJob } from '../../../pipeline/sync/types.ts'
import { microsoftTeams as source } from '../../../sources/microsoft_teams/index.ts'
import type { Tenant } from '../../support/tenant.ts'

export interface HereOptions {
  /** Of the connection, beside those of the tenant. */
  connection?: Record<string, unknown>
  table?: Record<string, unknown>
  runtime?: Partial<Runtime>
  workers?: number
  onEvent?(event: Event): void
}

export interface HereResult {
  /** As the command would exit. */
  code: number
  /** Absent when the run threw. */
  result?: RunResult
  error?: unknown
  events: Event[]
}

/**
 * One sync in this process, on the tenant's own clock: with a virtual one a night of throttling passes in moments.
 * Limits are so wide that only what the simulator refuses is waited for.
 */
export async function syncHere(tenant: Tenant, options: HereOptions = {}): Promise<HereResult> {
  const { clock, connection } = tenant.simulator
  const random = seededRandom(7)
  const events: Event[] = []
  const runtime: Runtime = {
    observer: (event) => {
      events.push(event)
      options.onEvent?.(event)
    },
    now: clock.now.bind(clock),
    random: () => random.next(),
    // Whole milliseconds, as timers have them: the simulator's page tokens hold its time.
    sleep: (ms, signal) => clock.sleep(Math.ceil(ms), signal),
    rateShare: 100,
    maxMemoryBytes: 512 * 1024 * 1024,
    ...options.runtime,
  }
  const plan = {
    source,
    connectionName: 'test',
    connectionOptions: resolveOptions(
      source.options,
      { ...connection, ...options.connection },
      { scope: 'connection', unknown: 'error' },
    ),
    jobs: jobs(options.table ?? {}),
    workers: options.workers ?? 16,
  }
  const destination = { kind: 'duckdb' as const, path: tenant.database }
  try {
    const result = await runSync(plan, { destination, runtime, signal: new AbortController().signal })
    return { code: exitCodeOfResult(result, null), result, events }
  } catch (error) {
    return { code: exitCodeOfError(error), error, events }
  }
}

function jobs(options: Record<string, unknown>): SyncJob[] {
  return source.tables.map((table) => ({
    table,
    destination: { schema: source.name, table: table.name },
    scdType: 'SCD_TYPE_1',
    primaryKeys: [...table.primaryKeys],
    sequenceBy: table.cursorField ?? null,
    options: resolveOptions(source.options, options, { scope: 'table', unknown: 'error' }),
  }))
}

/** What went wrong, for the message of an assertion. */
export function why({ result, error }: HereResult): string {
  return error === undefined ? JSON.stringify(result?.errors.slice(0, 3), null, 1) : String((error as Error).stack)
}
