import { setTimeout as delay } from 'node:timers/promises'
import { type ErrorKind, isParleyError } from '../../libs/connect/error.ts'
import { formatDuration } from '../../libs/observe/format.ts'
import type { SpecNotice } from '../spec/notice.ts'
import type { DestinationAddress, SyncPlan } from '../sync/types.ts'
import type { Context } from './context.ts'
import { exitCodeOfSignal } from './exit_code.ts'
import { emitNotices, startObserving } from './observing.ts'
import { reportError } from './report_error.ts'
import { pauseSeconds } from './schedule.ts'
import type { SyncFlags } from './sync_flags.ts'
import { pollingNotices } from './sync_notices.ts'
import { syncOnce } from './sync_once.ts'

/** What the next run would meet again: it ends the loop. */
const LASTING: ReadonlySet<ErrorKind> = new Set(['bug', 'usage', 'configuration'])

/** How a run ended: `done` also when some partitions are behind, `skipped` when another process had the destination. */
type Round = 'done' | 'failed' | 'skipped' | 'over'

interface EveryFlags extends Pick<SyncFlags, 'progress' | 'output'> {
  every: number
}

/**
 * `sync --every`: one run after the other until a signal ends it, or an error that would only come again. Each run opens
 * the destination and closes it, so that it is free in between.
 */
export async function syncEvery(
  context: Context,
  plan: SyncPlan,
  destination: DestinationAddress,
  flags: EveryFlags,
  notices: readonly SpecNotice[],
): Promise<void> {
  const { observer, close } = startObserving(context, { progress: flags.progress })
  const notice = (code: string, message: string): void => observer({ type: 'notice', code, message })
  emitNotices([...notices, ...pollingNotices(plan, flags.every)], observer)
  let failures = 0
  try {
    for (;;) {
      const began = Date.now()
      const round = await runRound(context, plan, destination, flags, notice)
      if (round === 'over') return
      failures = round === 'failed' ? failures + 1 : 0
      const pause = pauseSeconds(flags.every, (Date.now() - began) / 1000, failures)
      notice('PARLEY_NEXT_RUN', `The next run begins in ${formatDuration(pause)}; the destination is free until then.`)
      if (!(await waits(pause, context))) return
    }
  } finally {
    close()
  }
}

async function runRound(
  context: Context,
  plan: SyncPlan,
  destination: DestinationAddress,
  flags: EveryFlags,
  notice: (code: string, message: string) => void,
): Promise<Round> {
  try {
    const { status, exit_kind } = await syncOnce(context, plan, destination, flags, [])
    if (status === 'interrupted') return 'over'
    if (status !== 'failed') return 'done'
    return LASTING.has(exit_kind ?? 'source') ? 'over' : 'failed'
  } catch (error) {
    if (context.signals.signal.aborted || !isParleyError(error) || LASTING.has(error.kind)) throw error
    if (error.kind === 'locked') {
      notice('PARLEY_RUN_SKIPPED', `${error.message} This run is left out.`)
      return 'skipped'
    }
    await reportError(error, context, flags.output === 'json')
    return 'failed'
  }
}

/** False, with the exit code set, when a signal came first: nothing is under way between two runs. */
async function waits(seconds: number, context: Context): Promise<boolean> {
  const { signal, received } = context.signals
  try {
    await delay(seconds * 1000, undefined, { signal })
    return true
  } catch (error) {
    if (!signal.aborted) throw error
    context.exitCode = exitCodeOfSignal(received() ?? 'SIGTERM')
    return false
  }
}
