import { processRuntime } from '../../libs/connect/process_runtime.ts'
import { redactedJson } from '../../libs/observe/redacted_json.ts'
import { readHeldState } from '../destinations/duckdb/state_held.ts'
import { WAIT_LOCK_MS } from '../destinations/index.ts'
import type { SpecNotice } from '../spec/notice.ts'
import { identityOf } from '../sync/connection_identity.ts'
import { estimateSync } from '../sync/estimate.ts'
import type { DestinationAddress, SyncPlan } from '../sync/types.ts'
import type { Context } from './context.ts'
import { formatEstimate } from './estimate_text.ts'
import { emitNotices, startObserving } from './observing.ts'
import { commandRuntime } from './runtime.ts'
import type { SyncFlags } from './sync_flags.ts'

/** `sync --dry-run`: what a sync would read and what it would cost. Writes nothing, not even a status. */
export async function dryRun(
  context: Context,
  plan: SyncPlan,
  { path }: DestinationAddress,
  { output, progress }: Pick<SyncFlags, 'output' | 'progress'>,
  notices: readonly SpecNotice[],
): Promise<void> {
  const observing = startObserving(context, { progress: progress === 'auto' ? 'warnings' : progress })
  try {
    emitNotices(notices, observing.observer)
    const { signal } = context.signals
    const waitLockMs = plan.waitLock === true ? WAIT_LOCK_MS : 0
    const held = await readHeldState(path, identityOf(plan), { signal, waitLockMs, sleep: processRuntime().sleep })
    const estimate = await estimateSync(plan, held, { runtime: commandRuntime(observing.observer), signal })
    const { redact } = observing
    await context.io.print(
      output === 'json'
        ? `${redactedJson({ dry_run: true, ...estimate }, redact)}\n`
        : redact(formatEstimate(estimate)),
    )
  } finally {
    observing.close()
  }
}
