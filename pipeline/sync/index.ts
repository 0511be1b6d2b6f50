import { collectStatistics } from '../../libs/observe/statistics.ts'
import { openDestination } from '../destinations/index.ts'
import { Run } from './run.ts'
import type { RunResult, SyncDeps, SyncPlan } from './types.ts'

/**
 * The main job: reads every partition up to its ceiling and stores rows with their cursors, unit by unit.
 * Problems of partitions are in the result; whatever stops the whole run is thrown as a ParleyError.
 */
export async function runSync(plan: SyncPlan, deps: SyncDeps): Promise<RunResult> {
  const statistics = collectStatistics()
  const observer: SyncDeps['runtime']['observer'] = (event) => {
    statistics.observe(event)
    deps.runtime.observer(event)
  }
  const watched = { ...deps, runtime: { ...deps.runtime, observer } }
  const destination = await openDestination(deps.destination, {
    ...deps,
    ...(plan.waitLock === undefined ? {} : { waitLock: plan.waitLock }),
  })
  try {
    const run = new Run(plan, watched, destination, statistics)
    return await run.execute()
  } finally {
    await destination.close()
  }
}
