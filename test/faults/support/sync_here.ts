import { resolveOptions } from '../../../libs/connect/options.ts'
import type { Runtime } from '../../../libs/connect/source.ts'
import type { Event } from '../../../libs/observe/events.ts'
import { runSync } from '../../../pipeline/sync/index.ts'
import type { SyncJob } from '../../../pipeline/sync/types.ts'
import { microsoftTeams as source } from '../../../sources/microsoft_teams/index.ts'
import { type Outcome, outcomeOf } from '../../support/outcome.ts'
import { clockRuntime } from '../../support/runtime.ts'
import type { Tenant } from '../../support/tenant.ts'

export { why } from '../../support/outcome.ts'

export interface HereOptions {
  /** Of the connection, beside those of the tenant. */
  connection?: Record<string, unknown>
  table?: Record<string, unknown>
  runtime?: Partial<Runtime>
  workers?: number
  onEvent?(event: Event): void
}

/**
 * One sync in this process, on the tenant's own clock: with a virtual one a night of throttling passes in moments.
 * Limits are so wide that only what the simulator refuses is waited for.
 */
export async function syncHere(tenant: Tenant, options: HereOptions = {}): Promise<Outcome> {
  const { clock, connection } = tenant.simulator
  const events: Event[] = []
  const observer = (event: Event): void => {
    events.push(event)
    options.onEvent?.(event)
  }
  const runtime: Runtime = { ...clockRuntime(clock, observer), ...options.runtime }
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
  return outcomeOf(runSync(plan, { destination, runtime, signal: new AbortController().signal }), events)
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
