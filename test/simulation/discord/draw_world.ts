import type { DiscordSimulatorOptions } from '../../../sources/discord/simulator/index.ts'
import type { Draw } from '../drawing.ts'

const MOST_MESSAGES = 300
/** Channels that are read, threads among them. */
const MOST_PLACES = 40

/** A few small servers with channels of every kind, and the habits of the real API. */
export function drawWorld(seed: number, draw: Draw): DiscordSimulatorOptions {
  const guilds = draw.of(1, 1, 2, 2, 3)
  const channelsPerGuild = draw.between(1, 6)
  const forums = draw.between(0, 2)
  const parents = guilds * (channelsPerGuild + forums)
  const threadsPerChannel = Math.min(draw.between(0, 5), Math.floor(MOST_PLACES / parents))
  const messagesPerChannel = Math.min(draw.between(3, 60), Math.floor(MOST_MESSAGES / guilds / channelsPerGuild))
  return {
    seed,
    dataset: {
      generated: {
        guilds,
        channelsPerGuild,
        forums,
        messagesPerChannel,
        threadsPerChannel,
        messagesPerThread: draw.between(1, 8),
        archivedShare: draw.of(0, 0.5, 1),
        members: draw.between(3, 30),
        reactionsShare: draw.of(0.1, 0.4),
        attachmentsShare: draw.of(0.06, 0.3),
        days: draw.of(1, 5, 20, 90, 400),
      },
    },
    throttle: draw.chance(0.3) ? 'documented' : 'off',
    limits: drawLimits(draw),
    // Not 0: an answer takes time, so that two moments of a run are two moments of the servers.
    latencyMs: draw.of(1, 7, 40, 300),
    lateVisibilityMs: draw.of(0, 0, 20_000, 200_000),
    visibility: draw.of('hidden_omitted', 'hidden_omitted', 'all_listed'),
    messageContent: !draw.chance(0.05),
    guildMembers: !draw.chance(0.1),
    verified: draw.chance(0.2),
    shortPages: draw.of(0, 0, 0.3),
    staleListsMs: draw.of(0, 0, 2_000, 60_000),
    signedUrlSeconds: draw.of(60, 86_400),
    // Zipping happens beside the event loop, in its own time.
    gzip: false,
  }
}

/** Cloudflare stands before the API also where nothing else is limited. */
function drawLimits(draw: Draw): NonNullable<DiscordSimulatorOptions['limits']> {
  return {
    ...(draw.chance(0.3) ? { messages: { limit: draw.of(2, 20), windowMs: draw.of(1_000, 5_000) } } : {}),
    ...(draw.chance(0.2) ? { buckets: { archived: { limit: 2, windowMs: 3_000 } } } : {}),
    global: draw.of(50, 50, 10),
    ...(draw.chance(0.2) ? { headerless: ['my_guilds', 'messages'] } : {}),
    misleading: draw.chance(0.2),
    absurdResetAfter: draw.chance(0.1),
    ...(draw.chance(0.06) ? { cloudflareAfter: draw.between(10, 300) } : {}),
    ...(draw.chance(0.06) ? { invalidBudget: { limit: draw.between(5, 40), windowMs: 600_000 } } : {}),
  }
}
