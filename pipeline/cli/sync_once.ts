import { isParleyError } from '../../libs/connect/error.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { DestinationAddress, RunResult, SyncPlan } from '../sync/types.ts'
import { UNIT_BOUNDS, type UnitBounds } from '../sync/unit.ts'
import type { Context } from './context.ts'
import { companionFolder } from './destination_url.ts'
import { exitCodeOfResult } from './exit_code.ts'
import type { OutputFormat } from './flags.ts'
import type { Observing } from './observing.ts'
import type { SyncFlags } from './sync_flags.ts'

/** One run: reads, prints the result, sets the exit code. @throws what stops the whole run */
export async function syncOnce(
  context: Context,
  plan: SyncPlan,
  destination: DestinationAddress,
  flags: Pick<SyncFlags, 'progress' | 'output'>,
  notices: readonly SpecNotice[],
): Promise<RunResult> {
  const { emitNotices, startObserving } = await import('./observing.ts')
  const observing = startObserving(context, { progress: flags.progress, folder: companionFolder(destination) })
  emitNotices(notices, observing.observer)
  const result = await run(context, plan, destination, observing).finally(observing.close)
  await printResult(context, result, flags.output, observing)
  context.exitCode = exitCodeOfResult(result, context.signals.received())
  return result
}

async function run(
  { signals, io }: Context,
  plan: SyncPlan,
  destination: DestinationAddress,
  { observer }: Observing,
): Promise<RunResult> {
  const [{ runSync }, { commandRuntime }] = await Promise.all([import('../sync/index.ts'), import('./runtime.ts')])
  const bounds = unitBounds(io.env.PARLEY_UNIT_ROWS)
  const message = 'Stopping after the unit in hand; once more to stop at once.'
  const sayStopping = (): void => observer({ type: 'notice', code: 'PARLEY_STOPPING', message })
  signals.signal.addEventListener('abort', sayStopping)
  const deps = { destination, runtime: commandRuntime(observer), signal: signals.signal, ...bounds }
  try {
    return await runSync({ ...plan, waitLock: false }, deps)
  } catch (error) {
    // The destination is opened before anything else, so nothing has been read yet.
    if (plan.waitLock !== true || !isParleyError(error) || error.code !== 'PARLEY_DESTINATION_LOCKED') throw error
    const waiting = `${error.message} Waiting for it to end, for an hour at most.`
    observer({ type: 'notice', code: 'PARLEY_WAITING_FOR_LOCK', message: waiting })
    return await runSync(plan, deps)
  } finally {
    signals.signal.removeEventListener('abort', sayStopping)
  }
}

/** PARLEY_UNIT_ROWS makes commit units smaller, so that tests can break a small sync in many places. */
function unitBounds(rows: string | undefined): { unitBounds?: UnitBounds } {
  const count = Number(rows)
  return Number.isInteger(count) && count > 0 ? { unitBounds: { ...UNIT_BOUNDS, rows: count } } : {}
}

async function printResult(
  { io }: Context,
  result: RunResult,
  output: OutputFormat,
  { redact }: Observing,
): Promise<void> {
  const { formatSummary, resultToJson } = await import('./sync_summary.ts')
  const { redactedJson } = await import('../../libs/observe/redacted_json.ts')
  const { printable } = await import('../../libs/observe/format.ts')
  await io.print(
    output === 'json' ? `${redactedJson(resultToJson(result), redact)}\n` : printable(redact(formatSummary(result))),
  )
}
