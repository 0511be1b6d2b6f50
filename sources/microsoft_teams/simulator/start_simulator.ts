import { realClock } from '../../../libs/simulator/clock.ts'
import { controlRoutes } from '../../../libs/simulator/control_routes.ts'
import type { Exchange, Reply } from '../../../libs/simulator/exchange.ts'
import { seededRandom, stableGuid } from '../../../libs/simulator/random.ts'
import { SimulatorServer } from '../../../libs/simulator/server.ts'
import { Access } from './access.ts'
import type { Context, Settings } from './context.ts'
import { loadDataset } from './datasets/load_dataset.ts'
import { graphDialect } from './graph_dialect.ts'
import { Mutations } from './mutations.ts'
import { DEFAULT_ROLES } from './permissions.ts'
import { channelRoutes } from './routes/channel_routes.ts'
import { deltaRoutes } from './routes/delta_routes.ts'
import { exportRoutes } from './routes/export_routes.ts'
import { groupRoutes } from './routes/group_routes.ts'
import { memberRoutes } from './routes/member_routes.ts'
import { messageRoutes } from './routes/message_routes.ts'
import { teamRoutes } from './routes/team_routes.ts'
import { tokenRoutes } from './routes/token_routes.ts'
import { Tenant } from './tenant.ts'
import { TenantTruth } from './truth.ts'
import type { TeamsSimulator, TeamsSimulatorOptions, TruthFilter } from './types.ts'
import { LateChanges } from './visibility.ts'
import { mutateDuringWalk } from './walk_mutations.ts'

/**
 * Starts a local Microsoft Teams tenant behind Graph's HTTP interface and its sign-in.
 *
 * @example
 * const simulator = await startTeamsSimulator({ seed: 7, dataset: { sample: true } })
 * console.log(simulator.connection, simulator.truth.counts())
 * await simulator.close()
 */
export async function startTeamsSimulator(options: TeamsSimulatorOptions = {}): Promise<TeamsSimulator> {
  const seed = options.seed ?? 1
  const clock = options.clock ?? realClock()
  const context = createContext(options, seed, () => server)
  const mutate = new Mutations(context, clock)
  const loaded = await loadDataset(
    context.tenant,
    options.dataset ?? { sample: true },
    clock.now(),
    options.sharedChannels ?? 0,
  )
  const truth = new TenantTruth(context, clock, loaded)
  const answered = options.mutateDuringWalk ? mutateDuringWalk(options.mutateDuringWalk, mutate) : undefined
  const server: SimulatorServer = new SimulatorServer({
    clock,
    seed,
    dialect: graphDialect(context, answered),
    routes: [
      ...controlRoutes({
        server: () => server,
        truth: (exchange) => answerTruth(truth, exchange),
        mutate: (change) => mutate.apply(change),
      }),
      ...tokenRoutes(context),
      ...teamRoutes(context),
      ...groupRoutes(context),
      ...channelRoutes(context),
      ...memberRoutes(context),
      ...exportRoutes(context),
      ...messageRoutes(context),
      ...deltaRoutes(context),
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
    connection: {
      tenant_id: context.tenant.id,
      client_id: context.access.clientId,
      client_secret: context.access.clientSecret,
      graph_base_url: origin,
      login_base_url: origin,
    },
    clock,
    truth,
    mutate,
    log: server.log,
    stats: () => server.stats(),
    resetStats: () => server.resetStats(),
    setFaults: (plan) => server.setFaults(plan),
    close: () => server.close(),
  }
}

function createContext(options: TeamsSimulatorOptions, seed: number, server: () => SimulatorServer): Context {
  const random = seededRandom(seed + 1)
  const tenantId = options.credentials?.tenantId ?? stableGuid('tenant', seed)
  const clientId = options.credentials?.clientId ?? stableGuid('client', seed)
  const secret = options.credentials?.clientSecret ?? `sim~${stableGuid('secret', seed).replaceAll('-', '')}`
  return {
    tenant: new Tenant(seed, tenantId.toLowerCase(), options.listOrder),
    access: new Access(clientId.toLowerCase(), secret, options.roles ?? DEFAULT_ROLES, random),
    late: new LateChanges(),
    settings: settingsOf(options),
    random,
    server,
  }
}

function settingsOf(options: TeamsSimulatorOptions): Settings {
  return {
    throttle: options.throttle ?? 'documented',
    exportPerTeam: options.exportPerTeam ?? 'strict',
    missingRetryAfter: options.missingRetryAfter ?? 0,
    tokenSeconds: options.tokenSeconds ?? 3599,
    tokenRequests: options.tokenRequests ?? Number.POSITIVE_INFINITY,
    lateVisibilityMs: options.lateVisibilityMs ?? 0,
    pageSizeMax: options.pageSizeMax ?? 50,
    pageSize: Math.min(options.pageSize ?? 20, options.pageSizeMax ?? 50),
    teamsPageSize: options.teamsPageSize ?? 20,
    inlineReplies: options.inlineReplies ?? 1000,
    pageTokenSeconds: options.pageTokenSeconds ?? Number.POSITIVE_INFINITY,
    delta: options.delta ?? 'on',
    deltaTokenSeconds: options.deltaTokenSeconds ?? Number.POSITIVE_INFINITY,
    deltaExpiry: options.deltaExpiry ?? 'gone',
    deltaReplays: options.deltaReplays ?? 0,
  }
}

/**
 * `GET /_simulator/truth`: a line a message (with `?rows=members` or `channel_members` a line a member); `?counts=true`
 * for the counts, `?digest=true` for the digest of the messages.
 */
function answerTruth(truth: TenantTruth, exchange: Exchange): Reply {
  const team_id = exchange.query.get('team_id')
  const filter: TruthFilter = {
    ...(team_id === undefined ? {} : { team_id }),
    channels: exchange.query.get('channels') === 'exported' ? 'exported' : 'all',
    unknownEnumMembers: exchange.query.get('unknownEnumMembers') !== 'false',
  }
  if (exchange.query.get('counts') === 'true') return { status: 200, body: truth.counts() }
  if (exchange.query.get('digest') === 'true') return { status: 200, body: { digest: truth.digest(filter) } }
  switch (exchange.query.get('rows')) {
    case 'members':
      return { status: 200, lines: jsonLines(truth.members(filter)) }
    case 'channel_members':
      return { status: 200, lines: jsonLines(truth.channelMembers(filter)) }
    default:
      return { status: 200, lines: jsonLines(truth.messages(filter)) }
  }
}

function* jsonLines(rows: Iterable<object>): Generator<string> {
  for (const row of rows) yield JSON.stringify(row)
}
