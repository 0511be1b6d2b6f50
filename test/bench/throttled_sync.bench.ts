/**
 * A whole sync against documented limits, strict reading: share of the binding bucket that is used in steady state
 * (aim >= 0.95), and how much is refused (aim <= 1 %). Measured by the server, from its own log.
 */
import { startTenant } from '../support/tenant.ts'

const SECONDS = Number(process.env.PARLEY_BENCH_SECONDS ?? 40)
/** Rows a page: small, so that the limit binds and not the two cores that server and sync share here. */
const PAGE = 5
/** Ends that are not steady: discovery, the limiter's start, teams that are done. */
const EDGE_MS = 5_000

await measure('4 requests/s a team bind', { teams: 8, perSecond: 4, strict: true })
await measure('200 requests/s a tenant bind', { teams: 80, perSecond: 200, strict: false })

async function measure(
  title: string,
  { teams, perSecond, strict }: { teams: number; perSecond: number; strict: boolean },
) {
  const total = strict ? perSecond * teams : perSecond
  const messagesPerChannel = Math.ceil((total * SECONDS * PAGE) / teams / 2)
  const tenant = await startTenant({
    throttle: 'documented',
    exportPerTeam: strict ? 'strict' : 'loose',
    dataset: { generated: { teams, channelsPerTeam: 2, messagesPerChannel, days: 400 } },
  })
  tenant.writeSpec(
    JSON.stringify({
      connection_name: 'bench',
      objects: [{ table: { source_table: 'messages', table_configuration: { page_size: PAGE } } }],
    }),
  )
  const sent: number[] = []
  let refused = 0
  const seen = new WeakSet<object>()
  const collect = () => {
    for (const entry of tenant.simulator.log) {
      if (entry.route !== 'export' || seen.has(entry)) continue
      seen.add(entry)
      if (entry.status === 429) refused++
      else sent.push(entry.at)
    }
  }
  const timer = setInterval(collect, 500)
  const { code, stderr } = await tenant.start(['--progress', 'none', '--workers', '80'], {
    env: { PARLEY_RATE_SHARE: '1' },
    timeoutMs: (SECONDS + 120) * 1000,
  }).ended
  clearInterval(timer)
  collect()
  if (code !== 0) console.log(`${title}: exit ${code}\n${stderr}`)
  sent.sort((a, b) => a - b)
  const from = sent[0]! + EDGE_MS
  const until = sent.at(-1)! - EDGE_MS
  const steady = sent.filter((at) => at >= from && at < until).length
  const share = steady / ((total * (until - from)) / 1000)
  const early = tenant.simulator.stats().early.certain
  console.log(
    `${title}: share ${share.toFixed(3)} of ${total}/s over ${Math.round((until - from) / 1000)} s, refused ${((100 * refused) / (sent.length + refused)).toFixed(2)} %, ${early} sent before they were allowed`,
  )
  await tenant.close()
}
