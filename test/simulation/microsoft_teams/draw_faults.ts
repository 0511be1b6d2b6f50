import type { Fault, FaultRule } from '../../../libs/simulator/fault_plan.ts'
import { drawOddValue, drawRetryAfter, drawWhen, drawWireFault, ELSEWHERE } from '../draw_common.ts'
import type { Draw } from '../drawing.ts'

const READING = ['export', 'export', 'channel_messages', 'delta', 'replies'] as const
const LISTING = ['teams', 'channels', 'team', 'channel', 'team_members', 'channel_members'] as const

/** Faults of one run. Each rule ends by itself: after so often, or after so long. */
export function drawFaults(draw: Draw): FaultRule[] {
  return draw.list(1, 5, () => {
    const group = draw.between(1, 10)
    const route = group <= 6 ? draw.of(...READING) : group <= 9 ? draw.of(...LISTING) : 'token'
    return { route, ...drawWhen(draw), fault: drawFault(draw, route) }
  })
}

function drawFault(draw: Draw, route: string): Fault {
  const isPage = route !== 'token' && route !== 'team' && route !== 'channel'
  switch (draw.between(1, isPage ? 10 : 6)) {
    case 1:
    case 2:
      return { kind: 'throttle', retry_after: drawRetryAfter(draw), status: draw.of(429, 429, 503) }
    case 3:
      return { kind: 'status', status: drawStatus(draw, route), retry_after: null }
    case 4:
    case 5:
      return drawWireFault(draw)
    case 6:
      return route === 'token'
        ? { kind: 'malformed', body: draw.of('', '<html>', '{"access_token":') }
        : drawReply(draw)
    default:
      return drawPageFault(draw, route)
  }
}

const BROKEN = [500, 502, 503, 504, 509, 408] as const
const REFUSING = [402, 403, 412] as const
const LOST = [400, 404, 410] as const

/** A 404 on a direct look would be a lie about what exists: two of those are believed. */
function drawStatus(draw: Draw, route: string): number {
  if (route === 'token') return draw.of(...BROKEN)
  if (route === 'team' || route === 'channel') return draw.of(...BROKEN, ...REFUSING)
  return draw.of(...BROKEN, ...REFUSING, ...LOST)
}

function drawReply(draw: Draw): Fault {
  switch (draw.between(1, 3)) {
    case 1:
      return { kind: 'token_expired' }
    case 2:
      return { kind: 'redirect', location: `${ELSEWHERE}/v1.0/teams` }
    default:
      return { kind: 'malformed', body: draw.of('', '<html>', '{"value":', '[]', '{"value":null}', 'null') }
  }
}

function drawPageFault(draw: Draw, route: string): Fault {
  switch (draw.between(1, 6)) {
    case 1:
      return { kind: 'empty_page' }
    case 2:
      return { kind: 'overlap', rows: draw.between(1, 5) }
    case 3:
      return { kind: 'repeat_link' }
    case 4:
      return { kind: 'foreign_link', origin: ELSEWHERE }
    case 5:
      return { kind: 'shuffle' }
    default:
      return drawHostileRow(draw, route)
  }
}

/** Spoils what the tables do not show by, or what a list of partitions needs: rows that the API hides are lost for all. */
function drawHostileRow(draw: Draw, route: string): Fault {
  const row = draw.between(0, 3)
  if (route === 'teams') return { kind: 'hostile_row', row, drop: ['id'] }
  const odd = drawOddValue(draw)
  return { kind: 'hostile_row', row, set: { [draw.of('importance', 'locale', 'webUrl', 'unheardOf')]: odd } }
}
