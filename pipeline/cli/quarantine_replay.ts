import { processRuntime } from '../../libs/connect/process_runtime.ts'
import { textTable } from '../../libs/observe/text_table.ts'
import { type ReplayedTable, replayQuarantine } from '../destinations/duckdb/quarantine_replay.ts'
import { listState } from '../destinations/duckdb/state_listing.ts'
import type { SpecNotice } from '../spec/notice.ts'
import { identityOf } from '../sync/connection_identity.ts'
import { buildPlan } from './build_plan.ts'
import type { Context } from './context.ts'
import { parseDestination } from './destination_url.ts'
import { emitNotices, startObserving } from './observing.ts'
import type { ReplayFlags } from './quarantine.ts'
import { openState, pickConnection, requireDatabase } from './state_access.ts'

/**
 * `parley quarantine replay`: the same arguments as the sync, since its spec says by which key and in which way
 * rows are applied. Makes no request.
 */
export async function replay(context: Context, file: string | undefined, flags: ReplayFlags): Promise<void> {
  const { path } = requireDatabase(parseDestination(flags.destination))
  const notices: SpecNotice[] = []
  const plan = await buildPlan(context, file, flags, notices)
  const observing = startObserving(context, { progress: 'warnings' })
  emitNotices(notices, observing.observer)
  observing.close()
  // A name that is not known would begin an empty state of its own.
  await openState(context, flags, true, async (db) => pickConnection(await listState(db), plan.connectionName))
  const access = { signal: context.signals.signal, sleep: processRuntime().sleep }
  const tables = await replayQuarantine(path, identityOf(plan), plan.jobs, access)
  await context.io.print(flags.output === 'json' ? `${JSON.stringify({ tables })}\n` : formatReplay(tables))
}

function formatReplay(tables: readonly ReplayedTable[]): string {
  const rows = tables.map(({ table, replayed, inserted, updated, listed, stayed }) => [
    table,
    replayed,
    inserted,
    updated,
    listed.left,
    stayed + listed.stayed,
  ])
  const left = tables.reduce((sum, { listed }) => sum + listed.stayed, 0)
  const head = ['table', 'replayed', 'inserted', 'updated', 'listed since', 'still kept']
  const advice =
    left === 0 ? '' : `\n${left} of those still kept are of tables that are listed whole: the next sync brings them.\n`
  return textTable([head, ...rows]) + advice
}
