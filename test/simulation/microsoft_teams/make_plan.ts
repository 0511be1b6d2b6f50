import { drawStop } from '../draw_common.ts'
import { type Draw, drawFor } from '../drawing.ts'
import { drawChanges, drawLiveChange } from './draw_changes.ts'
import { drawFaults } from './draw_faults.ts'
import { drawWorld } from './draw_world.ts'
import type { ReadMode, RunPlan, SimulationPlan } from './plan_types.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const MESSAGE_TABLES = ['messages', 'message_replies']
const LISTED_TABLES = ['teams', 'channels', 'members', 'channel_members']

/** The plan of a seed. Pure: the same seed gives the same plan for as long as this folder and draw_common.ts are not changed. */
export function makePlan(seed: number): SimulationPlan {
  const draw = drawFor(seed, 'plan')
  const world = drawWorld(seed, drawFor(seed, 'world'))
  const runs = drawRuns(drawFor(seed, 'runs'), world.delta === 'on')
  const tables = [...MESSAGE_TABLES, ...LISTED_TABLES.filter(() => draw.chance(0.4))]
  return {
    seed,
    world,
    connection: {
      max_concurrent_requests: draw.of(1, 4, 50),
      max_attempts: draw.of(1, 3, 8),
      max_retry_seconds: draw.of(20, 600),
      max_throttle_seconds: draw.of(30, 600, 7200),
      max_response_bytes: draw.of(1_000_000, 268_435_456),
    },
    tables,
    late: draw.chance(0.2) ? { table: draw.of('messages', ...tables), fromRun: draw.between(1, runs.length) } : null,
    options: drawOptions(draw),
    scdType: draw.of('SCD_TYPE_1', 'SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'),
    workers: draw.of(1, 3, 16),
    unitRows: draw.of(60, 200, 1_000, 20_000),
    // A client that ignores documented limits cannot tell which of them has refused it.
    rateShare: world.throttle === 'documented' || draw.chance(0.3) ? 1 : 100,
    runs,
  }
}

function drawOptions(draw: Draw): Record<string, string> {
  return {
    page_size: draw.of('3', '10', '10', '25', '50'),
    ...(draw.chance(0.2) ? { rewalk_horizon: draw.of('0', '600', '604800') } : {}),
    ...(draw.chance(0.2) ? { lookback_seconds: draw.of('240', '3600', '864000') } : {}),
    ...(draw.chance(0.1) ? { include_raw: 'true' } : {}),
  }
}

function drawRuns(draw: Draw, hasDelta: boolean): RunPlan[] {
  const modes: [ReadMode, ...ReadMode[]] = hasDelta ? ['auto', 'export', 'delta', 'list'] : ['auto', 'export', 'list']
  let readMode = draw.of('auto', ...modes)
  return draw.list(2, 4, () => {
    if (draw.chance(0.25)) readMode = draw.of(...modes)
    return {
      readMode,
      full: draw.chance(0.08),
      before: drawChanges(draw),
      during: draw.chance(0.5)
        ? draw.list(1, 12, () => ({ afterRequests: draw.between(1, 80), change: drawLiveChange(draw) }))
        : [],
      faults: draw.chance(0.65) ? drawFaults(draw) : [],
      stop: draw.chance(0.35) ? drawStop(draw) : null,
      pauseMs: draw.of(1_000, MINUTE, 10 * MINUTE, 10 * MINUTE, 3 * 60 * MINUTE, DAY, 40 * DAY),
    }
  })
}
