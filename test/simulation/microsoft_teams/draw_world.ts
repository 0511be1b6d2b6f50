import type { TeamsSimulatorOptions } from '../../../sources/microsoft_teams/simulator/index.ts'
import type { Draw } from '../drawing.ts'

const MOST_MESSAGES = 360

/** A small tenant with the habits of a real one. */
export function drawWorld(seed: number, draw: Draw): TeamsSimulatorOptions {
  const teams = draw.between(1, 4)
  const channelsPerTeam = draw.between(1, 3)
  const messagesPerChannel = Math.min(draw.between(5, 90), Math.floor(MOST_MESSAGES / teams / channelsPerTeam))
  const days = draw.of(1, 20, 90, 300, 500)
  const ties = draw.chance(0.15) ? { ties: draw.between(3, 12) } : {}
  return {
    seed,
    dataset: { generated: { teams, channelsPerTeam, messagesPerChannel, days, ...ties } },
    sharedChannels: draw.of(0, 0, 1, 2),
    throttle: draw.chance(0.3) ? 'documented' : 'off',
    exportPerTeam: draw.of('strict', 'loose'),
    missingRetryAfter: draw.of(0, 0.5),
    // Not 0: an answer takes time, so that two moments of a run are two moments of the tenant.
    latencyMs: draw.of(1, 7, 40, 300),
    lateVisibilityMs: draw.of(0, 0, 20_000, 200_000),
    listOrder: draw.of('activity', 'activity', 'shuffled'),
    teamsPageSize: draw.of(1, 2, 20),
    inlineReplies: draw.of(1000, 1000, 2, 5),
    // Zipping happens beside the event loop, in its own time.
    gzip: false,
    ...(draw.chance(0.2) ? { delta: 'unsupported' } : drawDelta(draw)),
    ...drawTokens(draw),
  }
}

function drawDelta(draw: Draw): TeamsSimulatorOptions {
  return {
    delta: 'on',
    ...(draw.chance(0.4) ? { deltaTokenSeconds: draw.of(30, 900, 7200) } : {}),
    deltaExpiry: draw.of('gone', 'bad_request', 'not_found'),
    deltaReplays: draw.of(0, 0, 0.3),
  }
}

function drawTokens(draw: Draw): TeamsSimulatorOptions {
  return {
    tokenSeconds: draw.of(3599, 3599, 60, 5),
    ...(draw.chance(0.15) ? { tokenRequests: draw.between(20, 60) } : {}),
    ...(draw.chance(0.3) ? { pageTokenSeconds: draw.of(20, 300, 1200) } : {}),
  }
}
