import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { createHttpClient } from '../../libs/http/http_client.ts'
import type { Bucket } from '../../libs/http/types.ts'
import type { Observer } from '../../libs/observe/events.ts'
import { testRuntime } from '../support/runtime.ts'
import { slidingLog } from '../unit/http/limit_servers.ts'

/*
 * How much of a server's limit the limiter uses on a real clock and real sockets, and how much is refused.
 * The server counts with a sliding log, in a thread of its own.
 *
 *   node test/bench/limiter.bench.ts [seconds]
 */

interface Counting {
  app: number
  team: number
  latencyMs: number
}

if (parentPort !== null) await runServer(workerData as Counting)
else await main(Number(process.argv[2] ?? 10))

async function main(seconds: number): Promise<void> {
  const second = (key: string, limit: number): Bucket => ({ key, limit, windowMs: 1000 })
  const team = (n: number): Bucket => second(`team${n}`, 4)
  const cases = [
    {
      name: 'app 200/s, no team limit',
      teams: 40,
      binding: 200,
      app: 200,
      team: 1e9,
      buckets: (_: number) => [second('app', 200)],
    },
    {
      name: '25 teams of 4/s',
      teams: 25,
      binding: 100,
      app: 200,
      team: 4,
      buckets: (n: number) => [team(n), second('app', 200)],
    },
    {
      name: '60 teams of 4/s, app 200/s',
      teams: 60,
      binding: 200,
      app: 200,
      team: 4,
      buckets: (n: number) => [team(n), second('app', 200)],
    },
    {
      name: 'one team of 4/s',
      teams: 1,
      binding: 4,
      app: 200,
      team: 4,
      buckets: (n: number) => [team(n), second('app', 200)],
    },
  ]
  for (const { name, teams, binding, app, team, buckets } of cases) {
    const result = await measure({ app, team, latencyMs: 40 }, teams, buckets, seconds)
    const share = result.served / result.seconds / binding
    const refused = result.refused / (result.served + result.refused)
    console.log(
      `${name}: share ${share.toFixed(3)}, refused ${(100 * refused).toFixed(2)} %, ${result.served} served in ${result.seconds} s`,
    )
  }
}

async function measure(counting: Counting, teams: number, buckets: (team: number) => Bucket[], seconds: number) {
  const worker = new Worker(new URL(import.meta.url), { workerData: counting })
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  const result = { served: 0, refused: 0, seconds }
  const observer: Observer = (event) => {
    if (event.type === 'throttled') result.refused++
  }
  const client = createHttpClient({ runtime: { ...testRuntime(observer), rateShare: 1 } })
  // One second to open connections and fill windows.
  const begin = Date.now() + 1000
  const end = begin + seconds * 1000
  const workers = Array.from({ length: Math.max(teams, 40) }, async (_, index) => {
    const team = index % teams
    while (Date.now() < end) {
      await client.request({ method: 'GET', url: `http://127.0.0.1:${port}/${team}`, buckets: buckets(team) })
      const now = Date.now()
      if (now >= begin && now < end) result.served++
    }
  })
  await Promise.race([Promise.all(workers), delay(seconds * 1000 + 1000)])
  const snapshot = { ...result }
  await Promise.allSettled(workers)
  await client.close()
  await worker.terminate()
  return snapshot
}

async function runServer({ app, team, latencyMs }: Counting): Promise<void> {
  const whole = slidingLog(app, 1000)
  const teams = new Map<string, ReturnType<typeof slidingLog>>()
  const server: Server = createServer(async (request, response) => {
    const now = performance.now()
    const key = request.url!
    const own = teams.get(key) ?? slidingLog(team, 1000)
    teams.set(key, own)
    const serves = [whole.serves(now), own.serves(now)].every(Boolean)
    await delay(latencyMs)
    response.writeHead(serves ? 200 : 429, {
      'content-type': 'application/json',
      ...(serves ? {} : { 'retry-after': '1' }),
    })
    response.end('{"value":[]}')
  })
  server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port))
}
