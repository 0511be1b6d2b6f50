import { realClock } from '../../../libs/simulator/clock.ts'
import { controlRoutes } from '../../../libs/simulator/control_routes.ts'
import { hashText, seededRandom } from '../../../libs/simulator/random.ts'
import { SimulatorServer } from '../../../libs/simulator/server.ts'
import { Access } from './access.ts'
import { Cloudflare } from './cloudflare.ts'
import type { Context, Settings } from './context.ts'
import { loadDataset } from './datasets/load_dataset.ts'
import { discordDialect } from './discord_dialect.ts'
import { Mutations } from './mutations/mutations.ts'
import { mutateDuringWalk } from './mutations/walk_mutations.ts'
import { cdnRoutes } from './routes/cdn_routes.ts'
import { channelRoutes } from './routes/channel_routes.ts'
import { guildRoutes } from './routes/guild_routes.ts'
import { memberRoutes } from './routes/member_routes.ts'
import { messageRoutes } from './routes/message_routes.ts'
import { pinRoutes } from './routes/pin_routes.ts'
import { reactionRoutes } from './routes/reaction_routes.ts'
import { searchRoutes } from './routes/search_routes.ts'
import { threadMemberRoutes } from './routes/thread_member_routes.ts'
import { threadRoutes } from './routes/thread_routes.ts'
import { userRoutes } from './routes/user_routes.ts'
import { WorldTruth } from './truth.ts'
import { answerTruth } from './truth_route.ts'
import type { DiscordSimulator, DiscordSimulatorOptions } from './types.ts'
import { World } from './world.ts'

/**
 * Starts local Discord guilds behind its REST API (v10).
 *
 * @example
 * const simulator = await startDiscordSimulator({ seed: 7, dataset: { sample: true } })
 * console.log(simulator.connection, simulator.truth.counts())
 * await simulator.close()
 */
export async function startDiscordSimulator(options: DiscordSimulatorOptions = {}): Promise<DiscordSimulator> {
  const seed = options.seed ?? 1
  const clock = options.clock ?? realClock()
  const context = createContext(options, seed, clock, () => server)
  const { world, access } = context
  const loaded = await loadDataset(world, access.bot, options.dataset ?? { sample: true }, clock.now())
  const truth = new WorldTruth(context, loaded)
  const mutate = new Mutations(context)
  const { mutateDuringWalk: plan } = options
  const server: SimulatorServer = new SimulatorServer({
    clock,
    seed,
    dialect: discordDialect(context, plan && mutateDuringWalk(plan, mutate, context.random)),
    routes: [
      ...controlRoutes({
        server: () => server,
        truth: (exchange) => answerTruth(truth, exchange),
        mutate: (change) => mutate.apply(change),
      }),
      ...userRoutes(context),
      ...guildRoutes(context),
      ...memberRoutes(context),
      ...channelRoutes(context),
      ...threadRoutes(context),
      ...threadMemberRoutes(context),
      ...messageRoutes(context),
      ...pinRoutes(context),
      ...reactionRoutes(context),
      ...searchRoutes(context),
      ...cdnRoutes(context),
    ],
    port: options.port ?? 0,
    latencyMs: options.latencyMs ?? 0,
    faults: options.faults ?? null,
    gzip: options.gzip ?? true,
  })
  await server.listen()
  const { origin } = server
  return {
    origin,
    botId: access.bot.id,
    connection: { bot_token: access.token, discord_base_url: origin },
    clock,
    truth,
    mutate,
    log: server.log,
    stats: () => server.stats(),
    resetStats: () => server.resetStats(),
    setFaults: (faults) => server.setFaults(faults),
    close: () => server.close(),
  }
}

function createContext(
  options: DiscordSimulatorOptions,
  seed: number,
  clock: Context['clock'],
  server: () => SimulatorServer,
): Context {
  const world = new World(seed)
  const bot = world.user('Parley', true)
  return {
    world,
    access: new Access(bot, {
      token: options.token ?? inventToken(bot.id, seed),
      messageContent: options.messageContent ?? true,
      guildMembers: options.guildMembers ?? true,
      verified: options.verified ?? false,
    }),
    cloudflare: new Cloudflare(options.limits ?? {}),
    settings: settingsOf(options),
    clock,
    random: seededRandom(seed + 1),
    server,
  }
}

/** The bot's id in base64, and two parts that mean nothing here. */
function inventToken(botId: string, seed: number): string {
  const part = (name: string): string => hashText(name, seed).toString(36)
  return `${Buffer.from(botId).toString('base64url')}.${part('time')}.${part('hmac')}${part('sim')}`
}

function settingsOf({ limits = {}, ...options }: DiscordSimulatorOptions): Settings {
  return {
    throttle: options.throttle ?? 'documented',
    limits: {
      messages: limits.messages ?? { limit: 5, windowMs: 5000 },
      buckets: limits.buckets ?? {},
      global: limits.global ?? 50,
      headerless: limits.headerless ?? ['my_guilds'],
      misleading: limits.misleading ?? false,
      absurdResetAfter: limits.absurdResetAfter ?? false,
    },
    visibility: options.visibility ?? 'hidden_omitted',
    shortPages: options.shortPages ?? 0,
    staleListsMs: options.staleListsMs ?? 0,
    lateVisibilityMs: options.lateVisibilityMs ?? 0,
    signedUrlSeconds: options.signedUrlSeconds ?? 86_400,
  }
}
