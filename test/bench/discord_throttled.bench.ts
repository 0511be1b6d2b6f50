/**
 * A whole sync of Discord against its limits: share of the binding one that is used in steady state (aim >= 0.95), and
 * how much is refused (aim < 1 %). Measured by the server, from its own log.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DiscordSimulatorOptions, startDiscordSimulator } from '../../sources/discord/simulator/index.ts'
import { sync } from '../support/cli.ts'

const SECONDS = Number(process.env.PARLEY_BENCH_SECONDS ?? 40)
/** Rows a page: small, so that the limit binds and not the two cores that server and sync share here. */
const PAGE = 10
/** Ends that are not steady: discovery, the limiter's start, channels that are done. */
const EDGE_MS = 5_000

interface Case {
  title: string
  channels: number
  /** Requests a second that the binding limit allows over all channels. */
  perSecond: number
  limits?: DiscordSimulatorOptions['limits']
  flags?: string[]
}

const cases: Case[] = [
  { title: 'few channels: 5 in 5 s each bind', channels: 8, perSecond: 8 },
  { title: 'many channels: 50/s of the bot bind', channels: 120, perSecond: 50 },
  { title: 'headers that mislead (1000/999, then 0/5)', channels: 8, perSecond: 8, limits: { misleading: true } },
  { title: 'resets of hours that nothing enforces', channels: 8, perSecond: 8, limits: { absurdResetAfter: true } },
]

for (const one of cases) await measure(one)

async function measure({ title, channels, perSecond, limits }: Case): Promise<void> {
  const messagesPerChannel = Math.ceil((SECONDS * perSecond * PAGE) / channels)
  const simulator = await startDiscordSimulator({
    throttle: 'documented',
    ...(limits === undefined ? {} : { limits }),
    dataset: {
      generated: { guilds: 1, channelsPerGuild: channels, messagesPerChannel, threadsPerChannel: 0, forums: 0 },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'parley-throttled-'))
  const connection = join(folder, 'connection.json')
  writeFileSync(connection, JSON.stringify(simulator.connection), { mode: 0o600 })
  const spec = join(folder, 'pipeline.yaml')
  const table = { source_table: 'messages', table_configuration: { page_size: PAGE } }
  writeFileSync(spec, JSON.stringify({ connection_name: 'bench', objects: [{ table }] }))
  const flags = [
    '--source',
    'discord',
    '--connection',
    connection,
    '--destination',
    `duckdb:${join(folder, 'l.duckdb')}`,
  ]
  const env = { PARLEY_RATE_SHARE: '1' }
  const { code, stderr, result } = await sync([spec, ...flags], { env, timeoutMs: (SECONDS + 240) * 1000 })
  if (code !== 0) console.log(`${title}: exit ${code}\n${stderr}`)
  const asked = [...simulator.log].filter(({ route }) => route === 'messages')
  const sent = asked.filter(({ status }) => status === 200).map(({ at }) => at)
  const all = [...simulator.log]
  const refused = all.filter(({ status }) => status === 429).length
  const [from, until] = [sent[0]! + EDGE_MS, sent[Math.floor(sent.length * 0.85)]!]
  const steady = sent.filter((at) => at >= from && at < until).length
  const share = steady / ((perSecond * (until - from)) / 1000)
  const early = simulator.stats().early.certain
  console.log(
    `${title}: share ${share.toFixed(3)} of ${perSecond}/s over ${Math.round((until - from) / 1000)} s, refused ${((100 * refused) / all.length).toFixed(2)} %, ${early} sent before they were allowed, ${result?.statistics.maxConcurrentChannels} channels at a time`,
  )
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}
