import type { Fault, FaultRule, RetryAfter } from '../../libs/simulator/fault_plan.ts'
import type { Draw } from './drawing.ts'
import type { Stop } from './plan_types.ts'

/** Nobody listens there. */
export const ELSEWHERE = 'http://127.0.0.1:9'

export const RETRY_AFTERS: readonly [RetryAfter, ...RetryAfter[]] = [
  null,
  0,
  1,
  2.128,
  45,
  3600,
  { http_date_in: 30 },
  { http_date_in: -30 },
  'soon',
  '-3',
]

export const drawRetryAfter = (draw: Draw): RetryAfter => draw.of(...RETRY_AFTERS)

/** When a rule fires. Each ends by itself: after so often, or after so long. */
export function drawWhen(draw: Draw): Partial<FaultRule> {
  switch (draw.between(1, 4)) {
    case 1:
      return { nth: draw.list(1, 4, () => draw.between(1, 25)) }
    case 2:
      return { every: draw.between(1, 6), count: draw.between(1, 12) }
    case 3:
      return { probability: draw.of(0.02, 0.1, 0.5), count: draw.between(1, 20) }
    default:
      return { from_ms: draw.of(0, 500, 5_000), until_ms: draw.of(2_000, 30_000, 400_000), count: 60 }
  }
}

export function drawWireFault(draw: Draw): Fault {
  const when = draw.of('before_headers', 'mid_body')
  switch (draw.between(1, 5)) {
    case 1:
      return { kind: 'reset', when }
    case 2:
      return { kind: 'truncate', declared: draw.of('full', 'cut') }
    case 3:
      return { kind: 'stall', when, ms: draw.of(1_000, 20_000, 120_000) }
    case 4:
      return { kind: 'drip', chunk_bytes: draw.of(700, 3_000), every_ms: draw.of(5, 400) }
    default:
      return { kind: 'huge', bytes: draw.of(10_000, 1_500_000) }
  }
}

/** What nobody expects in a column. */
export const drawOddValue = (draw: Draw): unknown =>
  draw.of<unknown>(null, 17, '\u0000', '\ud800', ['x'], { __proto__: null, a: { b: [] } }, 2 ** 60, true)

export function drawStop(draw: Draw): Stop {
  if (draw.chance(0.5)) {
    const phase = draw.of('stage', 'apply', 'commit', 'done')
    return { kind: draw.of('crash', 'crash', 'abort'), event: 'commit_phase', phase, nth: draw.between(1, 6) }
  }
  const event = draw.of('request', 'page', 'page', 'partition_started', 'discovered', 'throttled', 'retried')
  return { kind: 'abort', event, nth: draw.between(1, 30) }
}
