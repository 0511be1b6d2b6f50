import { drawStop } from '../draw_common.ts'
import { type Draw, drawFor } from '../drawing.ts'
import { drawBlinks, drawChanges, drawLiveChange } from './draw_changes.ts'
import { drawFaults } from './draw_faults.ts'
import { drawWorld } from './draw_world.ts'
import type { Narrowed, RunPlan, SimulationPlan } from './plan_types.ts'

const MINUTE = 60_000
const DAY = 86_400_000
/** When the clock of the simulation begins. */
export const START = Date.UTC(2026, 0, 15, 8)
const OTHER_TABLES = [
  'message_reactions',
  'attachments',
  'pins',
  'guilds',
  'channels',
  'threads',
  'members',
  'roles',
  'emojis',
]

/** The plan of a seed. Pure: the same seed gives the same plan for as long as this folder and draw_common.ts are not changed. */
export function makePlan(seed: number): SimulationPlan {
  const draw = drawFor(seed, 'discord plan')
  const world = drawWorld(seed, drawFor(seed, 'discord world'))
  const runs = drawRuns(drawFor(seed, 'discord runs'))
  const tables = ['messages', ...OTHER_TABLES.filter(() => draw.chance(0.4))]
  const options = drawOptions(draw)
  const isLate = tables.length > 1 && draw.chance(0.25)
  return {
    seed,
    // What turns up later than a read looks back is lost for everybody.
    world: rescanMs(options) > (world.lateVisibilityMs ?? 0) + 2_000 ? world : { ...world, lateVisibilityMs: 0 },
    narrowed: drawNarrowed(draw),
    connection: {
      max_concurrent_requests: draw.of(1, 4, 50),
      max_attempts: draw.of(1, 3, 8),
      max_retry_seconds: draw.of(20, 600),
      max_throttle_seconds: draw.of(30, 600, 7200),
      max_response_bytes: draw.of(1_000_000, 268_435_456),
      global_requests_per_second: draw.of(50, 50, 1_000),
    },
    tables,
    late: isLate ? { table: draw.of('messages', ...tables), fromRun: draw.between(1, runs.length) } : null,
    options,
    scdType: draw.of('SCD_TYPE_1', 'SCD_TYPE_1', 'SCD_TYPE_2', 'APPEND_ONLY'),
    workers: draw.of(1, 3, 16),
    unitRows: draw.of(60, 200, 1_000, 20_000),
    // A client that ignores documented limits is refused all the time.
    rateShare: world.throttle === 'documented' || draw.chance(0.3) ? 1 : 100,
    runs,
  }
}

/** How far back a read looks behind the last one, in ms. */
export function rescanMs({ edit_rescan_window = '604800', lookback_seconds = '300' }: Record<string, string>): number {
  return Math.max(Number(edit_rescan_window), Number(lookback_seconds), 1) * 1000
}

function drawOptions(draw: Draw): Record<string, string> {
  const date = (daysAfter: number) => new Date(START + daysAfter * DAY).toISOString()
  const start = draw.chance(0.12) ? draw.of(-30, -3, -0.5) : null
  const end = draw.chance(0.12) ? draw.of(-0.4, 0.01, 2) : null
  return {
    page_size: draw.of('3', '10', '10', '50', '100'),
    ...(draw.chance(0.5) ? { edit_rescan_window: draw.of('0', '600', '86400', '2592000', '315360000') } : {}),
    ...(draw.chance(0.3) ? { lookback_seconds: draw.of('0', '60', '3600') } : {}),
    ...(draw.chance(0.15) ? { settle_seconds: draw.of('1', '60') } : {}),
    ...(draw.chance(0.3) ? { include_reaction_users: 'true' } : {}),
    ...(start === null ? {} : { start_date: date(start) }),
    ...(end === null ? {} : { end_date: date(end) }),
    ...(draw.chance(0.1) ? { include_raw: 'true' } : {}),
  }
}

function drawNarrowed(draw: Draw): Narrowed {
  if (draw.chance(0.8)) return null
  if (draw.chance(0.5)) return { guilds: draw.list(1, 2, () => draw.between(0, 2)) }
  return { channels: draw.list(1, 4, () => draw.between(0, 30)) }
}

function drawRuns(draw: Draw): RunPlan[] {
  return draw.list(2, 4, () => ({
    full: draw.chance(0.1),
    before: drawChanges(draw),
    during: [
      ...(draw.chance(0.5)
        ? draw.list(1, 12, () => ({ afterRequests: draw.between(1, 120), change: drawLiveChange(draw) }))
        : []),
      ...(draw.chance(0.4) ? drawBlinks(draw) : []),
    ],
    faults: draw.chance(0.65) ? drawFaults(draw) : [],
    stop: draw.chance(0.35) ? drawStop(draw) : null,
    pauseMs: draw.of(1_000, MINUTE, 10 * MINUTE, 10 * MINUTE, 3 * 60 * MINUTE, DAY, 40 * DAY),
  }))
}
