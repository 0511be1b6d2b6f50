/**
 * A whole sync against documented limits, strict reading, in each read mode: share of the binding bucket that is used
 * in steady state (aim >= 0.95), and how much is refused (aim <= 1 %). Measured by the server, from its own log.
 */
import { startTenant } from '../support/tenant.ts'

const SECONDS = Number(process.env.PARLEY_BENCH_SECONDS ?? 40)
/** Rows a page: small, so that the limit binds and not the two cores that server and sync share here. */
const PAGE = 5
/** Ends that are not steady: discovery, the limiter's start, teams that are done. */
const EDGE_MS = 5_000

interface Case {
  mode: 'export' | 'list' | 'delta'
  title: string
  teams: number
  channelsPerTeam: number
  /** Requests a second that the binding limit allows over all teams. */
  perSecond: number
  exportPerTeam: 'strict' | 'loose'
  /** Messages a channel, so that the walk lasts about SECONDS. */
  messagesPerChannel: number
}

const perChannel = (perSecond: number, channels: number, rows: number) =>
  Math.ceil((perSecond * SECONDS * rows) / channels)

const cases: Case[] = [
  {
    mode: 'export',
    title: 'export, 4 requests/s a team bind',
    teams: 8,
    channelsPerTeam: 2,
    perSecond: 32,
    exportPerTeam: 'strict',
    messagesPerChannel: perChannel(32, 16, PAGE),
  },
  {
    mode: 'export',
    title: 'export, 200 requests/s a tenant bind',
    teams: 80,
    channelsPerTeam: 2,
    perSecond: 200,
    exportPerTeam: 'loose',
    messagesPerChannel: perChannel(200, 160, PAGE),
  },
  // A page of five threads holds about eight messages.
  {
    mode: 'list',
    title: 'list, 20 requests/s a tenant bind',
    teams: 10,
    channelsPerTeam: 4,
    perSecond: 20,
    exportPerTeam: 'strict',
    messagesPerChannel: perChannel(20, 40, 8),
  },
  {
    mode: 'delta',
    title: 'delta, 20 requests/s a tenant bind',
    teams: 10,
    channelsPerTeam: 4,
    perSecond: 20,
    exportPerTeam: 'strict',
    messagesPerChannel: perChannel(20, 40, 8),
  },
]
/** Which of the server's calls count against the limit that binds. */
const ROUTES = {
  export: ['export'],
  list: ['channel_messages', 'replies'],
  delta: ['delta', 'channel_messages', 'replies'],
}

const only = process.argv[2]
for (const one of cases) if (only === undefined || one.mode === only) await measure(one)

async function measure({ mode, title, teams, channelsPerTeam, perSecond, exportPerTeam, messagesPerChannel }: Case) {
  const tenant = await startTenant({
    throttle: 'documented',
    exportPerTeam,
    // Delta shows eight months: here all of them are in it.
    dataset: { generated: { teams, channelsPerTeam, messagesPerChannel, days: mode === 'delta' ? 200 : 400 } },
  })
  const since = new Date(tenant.simulator.clock.now() - 230 * 86_400_000).toISOString()
  const table_configuration = { page_size: PAGE, read_mode: mode, ...(mode === 'delta' ? { start_date: since } : {}) }
  tenant.writeSpec(
    JSON.stringify({
      connection_name: 'bench',
      objects: [{ table: { source_table: 'messages', table_configuration } }],
    }),
  )
  const sent: number[] = []
  let refused = 0
  const seen = new WeakSet<object>()
  const collect = () => {
    for (const entry of tenant.simulator.log) {
      if (!ROUTES[mode].includes(entry.route) || seen.has(entry)) continue
      seen.add(entry)
      if (entry.status === 429) refused++
      else sent.push(entry.at)
    }
  }
  const timer = setInterval(collect, 500)
  const workers = mode === 'export' ? ['--workers', '80'] : []
  const { code, stderr } = await tenant.start(['--progress', 'none', ...workers], {
    env: { PARLEY_RATE_SHARE: '1' },
    timeoutMs: (SECONDS + 240) * 1000,
  }).ended
  clearInterval(timer)
  collect()
  if (code !== 0) console.log(`${title}: exit ${code}\n${stderr}`)
  sent.sort((a, b) => a - b)
  // Until the last quarter: by then some channels are done, and what is left cannot fill the limit.
  const from = sent[0]! + EDGE_MS
  const until = mode === 'export' ? sent.at(-1)! - EDGE_MS : sent[Math.floor(sent.length * 0.75)]!
  const steady = sent.filter((at) => at >= from && at < until).length
  const share = steady / ((perSecond * (until - from)) / 1000)
  const early = tenant.simulator.stats().early.certain
  console.log(
    `${title}: share ${share.toFixed(3)} of ${perSecond}/s over ${Math.round((until - from) / 1000)} s, refused ${((100 * refused) / (sent.length + refused)).toFixed(2)} %, ${early} sent before they were allowed`,
  )
  await tenant.close()
}
